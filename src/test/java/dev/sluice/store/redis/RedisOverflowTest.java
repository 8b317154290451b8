package dev.sluice.store.redis;

import dev.sluice.rig.TestRedis;
import dev.sluice.store.OverflowContract;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** Redis keeps the contract of the ports. */
@Tag("contract")
class RedisOverflowTest extends OverflowContract {

    /** A test may kill it; the next one starts it anew. */
    private static TestRedis server;

    protected int partitions() {
        return 1;
    }

    @Override
    protected Rig open() throws IOException {
        if (server == null) {
            server = TestRedis.start();
            TestRedis mine = server;
            Runtime.getRuntime().addShutdownHook(new Thread(mine::close));
        } else if (!server.isAlive()) {
            server.restart();
        }
        server.command("CLIENT", "UNPAUSE");
        server.command("FLUSHALL");
        RedisRig rig = RedisRig.on(
                server,
                "overflow.partitions=" + partitions(),
                "overflow.entriesMax=" + ENTRIES_MAX,
                "overflow.deadLettersMax=" + DEAD_LETTERS_MAX);
        rig.overflow();
        rig.otherOverflow();
        rig.reader("a");
        rig.reader("b");
        rig.letters();
        return rig;
    }
}
