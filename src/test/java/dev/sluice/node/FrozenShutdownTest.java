package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL is frozen (SIGSTOP) while a node stops: every request is answered, and both are gone in time. */
@Tag("contract")
@Timeout(180)
class FrozenShutdownTest {

    @Test
    void aFrozenPostgresHoldsUpNeitherTheNodeNorItself() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                Node node = Node.start(postgres.uri(), "writer.deadlineMs=1000", "bus.deadlineMs=2000")) {
            OrderLoad load = new OrderLoad(node.port(), () -> true);
            load.add("frozen", 50, Integer.MAX_VALUE, 0);
            load.awaitMore(500);
            postgres.freeze();

            long began = System.nanoTime();
            node.stop();
            long nodeMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            postgres.stop();
            long allMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);

            load.join();
            assertEquals(List.of(), List.copyOf(load.failures));
            assertTrue(nodeMs < 10_000, "the node took " + nodeMs + " ms");
            assertTrue(allMs < 15_000, "both took " + allMs + " ms");
        }
    }
}
