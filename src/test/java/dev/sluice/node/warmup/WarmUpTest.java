package dev.sluice.node.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.listener.PausableTransport;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.Deadline;
import dev.sluice.store.TestOrders;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Orders that a node serves itself before it listens. */
@Tag("contract")
@Timeout(90)
class WarmUpTest {

    private static final int PATIENT_MS = 30_000;
    private static final int SHORT_MS = 300;

    private final PausableTransport transport = PausableTransport.ofThisMachine();
    private final Logger log = (Logger) LoggerFactory.getLogger(WarmUp.class);
    private final Level level = log.getLevel();

    @AfterEach
    void quiet() {
        log.setLevel(level);
    }

    @Test
    void eachOrderIsAnsweredAsStored() {
        assertEquals(200, Await.result(WarmUp.run(transport, 200, PATIENT_MS)));
    }

    @Test
    void itEndsWithItsTimeAndNothingOfItIsLeft() {
        Set<Thread> before = threads();
        int served = Await.result(WarmUp.run(transport, Integer.MAX_VALUE, SHORT_MS));
        assertTrue(served < Integer.MAX_VALUE);
        Await.until("the end of its threads", () -> before.containsAll(threads()));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vert.x-"))
                .collect(Collectors.toSet());
    }

    @Test
    void anotherClientOfItsPortIsNotToldThatItsOrderIsStored() {
        Vertx vertx = Vertx.vertx();
        Promise<List<Outcome>> outcomes = Promise.promise();
        vertx.runOnContext(turn -> new WarmUpOrders()
                .insert(TestOrders.many("k", 1), Deadline.after(System.nanoTime(), PATIENT_MS))
                .onComplete(outcomes));
        assertInstanceOf(
                Outcome.NotStored.class, Await.result(outcomes.future()).get(0));
        Await.result(vertx.close());
    }

    @Test
    void theNodeHasStoredAndCountedNothingOfIt() {
        log.setLevel(Level.DEBUG);
        String database = TestPostgres.freshDatabase();
        try (LogLines said = LogLines.of("dev.sluice");
                Node node = Node.start(database, "node.warmUpMs=" + 10_000)) {
            assertTrue(said.lines().stream().anyMatch(line -> line.matches("DEBUG [1-9]\\d* orders of a warm-up")));
            assertTrue(said.lines().stream().noneMatch(line -> !line.startsWith("DEBUG") && line.contains("warm-up")));
            assertEquals("0", TestPostgres.queryText(database, "select count(*)::text from orders"));
            assertEquals(0, node.metric("sluice_orders_total"));
            assertEquals(0, node.metric("sluice_batches_total"));
            assertEquals(0, node.metric("sluice_refused_total"));
            assertEquals(0, node.metric("sluice_http_connections"));
        }
    }

    @Test
    void zeroIsNone() {
        log.setLevel(Level.DEBUG);
        try (LogLines said = LogLines.of(WarmUp.class);
                Node node = Node.start(TestPostgres.freshDatabase(), "node.warmUpMs=0")) {
            assertEquals(List.of(), said.lines(), () -> "port " + node.port());
        }
    }
}
