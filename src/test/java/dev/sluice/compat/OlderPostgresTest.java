package dev.sluice.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Acceptance;
import dev.sluice.rig.Await;
import dev.sluice.rig.DebianPostgres;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TestCa;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL 15 as Debian ships it. scripts/compat runs it: a build leaves it out. */
@Tag("process")
@Timeout(180)
@EnabledIfSystemProperty(named = "sluice.compat", matches = "all", disabledReason = "scripts/compat runs it")
class OlderPostgresTest {

    @TempDir
    Path folder;

    private static void assertWorks(String uri, String... sets) {
        try (Node node = Node.start(uri, sets);
                OrderClient client = node.client()) {
            Acceptance.of(client);
        }
    }

    @Test
    void withAPasswordByScram() throws Exception {
        try (DebianPostgres server = DebianPostgres.start("C.UTF-8")) {
            assertTrue(
                    TestPostgres.queryText(server.uri(), "show server_version").startsWith("15."));
            assertEquals("scram-sha-256", TestPostgres.queryText(server.uri(), "show password_encryption"));
            assertWorks(server.uri());
        }
    }

    @Test
    void overTlsWithTheHostChecked() throws Exception {
        TestCa ca = TestCa.make(folder, "ca");
        TestCa.Pair pair = ca.sign("server", "DNS:localhost", 2);
        TestCa.Pair place = new TestCa.Pair(folder.resolve("s.crt"), folder.resolve("s.key"));
        pair.copyTo(place);
        try (DebianPostgres server = DebianPostgres.start(
                "C.UTF-8", "ssl=on", "ssl_cert_file='" + place.cert() + "'", "ssl_key_file='" + place.key() + "'")) {
            String uri = server.uri("sluice", "secret", "localhost");
            assertWorks(uri + "?sslmode=verify-full&sslrootcert=" + ca.cert());
        }
    }

    /** What it says of an error is German; what an order is told must not depend on it. */
    @Test
    void thatSpeaksGerman() throws Exception {
        try (DebianPostgres server = DebianPostgres.start("de_DE.UTF-8")) {
            String uri = server.uri();
            String said = "";
            try {
                TestPostgres.queryText(uri, "select 1 / 0");
            } catch (IllegalStateException error) {
                said = String.valueOf(error.getCause());
            }
            assumeTrue(said.contains("Null"), "this PostgreSQL has no German messages: " + said);
            assertWorks(uri);
            TestPostgres.execute(uri, "create role writer login password 'w'");
            TestPostgres.execute(uri, "grant select, insert on orders to writer");
            TestPostgres.execute(uri, "grant select on sluice_migrations to writer");
            try (Node node = Node.start(server.uri("writer", "w", "127.0.0.1"));
                    OrderClient client = node.client()) {
                TestPostgres.execute(uri, "revoke insert on orders from writer");
                assertEquals(
                        "not_stored",
                        client.post(TestOrders.document(Node.key())).code());
            }
        }
    }

    @Test
    void withATableThatIsPartitionedByAHash() throws Exception {
        try (DebianPostgres server = DebianPostgres.start("C.UTF-8")) {
            assertWorks(server.uri());
            TestPostgres.execute(
                    server.uri(),
                    "alter table orders rename to whole; create table orders (like whole including all) partition by"
                            + " hash (id); create table orders_0 partition of orders for values with (modulus 2,"
                            + " remainder 0); create table orders_1 partition of orders for values with (modulus 2,"
                            + " remainder 1)");
            assertWorks(server.uri());
            assertTrue(
                    Integer.parseInt(TestPostgres.queryText(server.uri(), "select count(*)::text from orders_1")) > 0);
        }
    }

    @Test
    void asARoleThatMayReadAndInsertAlone() throws Exception {
        try (DebianPostgres server = DebianPostgres.start("C.UTF-8")) {
            assertWorks(server.uri());
            TestPostgres.execute(server.uri(), "create role writer login password 'w'");
            TestPostgres.execute(server.uri(), "grant select, insert on orders to writer");
            TestPostgres.execute(server.uri(), "grant select on sluice_migrations to writer");
            assertWorks(server.uri("writer", "w", "127.0.0.1"));
        }
    }

    @Test
    void whatItCannotTakeIsQueuedAndDrained() throws Exception {
        try (DebianPostgres server = DebianPostgres.start("C.UTF-8");
                TestRedis redis = TestRedis.start();
                Node node = Node.start(server.uri(), "redis.uri=" + redis.uri());
                OrderClient client = node.client()) {
            Acceptance.of(client);
            server.kill();
            String key = Node.key();
            Await.until("queued", () -> client.post(TestOrders.document(key)).status() == 202);
            server.restart();
            Await.until(
                    "drained",
                    () -> client.get("/orders?clientOrderId=" + key).body().contains("\"committed\""));
        }
    }
}
