package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.embedded.BundledServer;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.StoreFailure.Kind;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnsafeStoreException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole server that freezes, dies, or must not be trusted. */
@Tag("contract")
class PgFrozenTest {

    private static final long AMPLE_MS = 10_000;

    @Test
    void aFrozenServerIsGivenUpAtTheDeadlineAndUsedAgainWhenItAnswers() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                PgRig rig = PgRig.up(PgRig.config(server.uri()))) {
            server.freeze();
            assertEquals(Kind.UNKNOWN, rig.failureOf(TestOrders.many("k", 2), 200));
            rig.await("the connection is closed", () -> rig.downs() == 1);
            server.thaw();
            rig.await("connected again", () -> rig.connections() == 2);
            rig.insert(TestOrders.many("k", 2), AMPLE_MS);
            assertEquals("2", rig.sql("select count(*)::text from orders"), "the late commit and the retry are one");

            server.kill();
            rig.await("the loss is noticed", () -> rig.connections() == 0);
            assertEquals(Kind.NOT_STORED, rig.failureOf(TestOrders.many("n", 1), AMPLE_MS));
            server.restart();
            rig.await("connected again", () -> rig.connections() == 2);
            assertInstanceOf(
                    Committed.class,
                    rig.insert(TestOrders.many("n", 1), AMPLE_MS).get(0));
        }
    }

    @Test
    void aServerThatLosesCommitsIsRefusedByTheNameOfItsSettings() throws Exception {
        var options = BundledServer.Options.defaults().with("fsync", "off").with("full_page_writes", "off");
        try (TestPostgres server = TestPostgres.start(options)) {
            assertRefused(server.uri(), List.of("fsync = off", "full_page_writes = off"), "synchronous_commit");
            SluiceConfig allowed = TestConfig.of("postgres.uri=" + server.uri(), "store.allowUnsafe=true");
            try (PgRig rig = PgRig.up(allowed)) {
                assertInstanceOf(
                        Committed.class,
                        rig.insert(TestOrders.many("k", 1), AMPLE_MS).get(0));
            }
        }
    }

    @Test
    void aDatabaseThatCommitsAsynchronouslyIsRefusedUntilItIsMended() {
        String uri = TestPostgres.freshDatabase();
        String database = uri.substring(uri.lastIndexOf('/') + 1);
        for (String value : List.of("off", "local", "remote_write")) {
            TestPostgres.execute(uri, "alter database " + database + " set synchronous_commit = " + value);
            assertRefused(uri, List.of("synchronous_commit = " + value), "fsync");
        }
        TestPostgres.execute(uri, "alter database " + database + " set synchronous_commit = on");
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            assertInstanceOf(
                    Committed.class,
                    rig.insert(TestOrders.many("k", 1), AMPLE_MS).get(0));
        }
    }

    private static void assertRefused(String uri, List<String> named, String notNamed) {
        try (PgRig rig = PgRig.start(PgRig.config(uri))) {
            rig.await("refused", () -> !rig.refusals.isEmpty());
            String message = assertInstanceOf(UnsafeStoreException.class, rig.refusals.get(0))
                    .getMessage();
            named.forEach(setting -> assertTrue(message.contains(setting), message));
            assertTrue(!message.contains(notNamed), message);
            assertEquals(0, rig.ups());
            assertEquals(Kind.NOT_STORED, rig.failureOf(TestOrders.many("k", 1), AMPLE_MS));
        }
    }
}
