package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.BundledServer;
import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TestCa;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.ClientVertx;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnfitStoreException;
import dev.sluice.store.postgres.PgLink;
import dev.sluice.store.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real PostgreSQL and a real Redis that speak TLS, with certificates that are right and wrong in every way. */
@Tag("process")
@Timeout(180)
class TlsLinksTest {

    @TempDir
    static Path folder;

    private static TestCa ca;
    private static Map<String, TestCa.Pair> pairs;
    private static TestCa.Pair place;
    private static TestPostgres postgres;
    private static TestRedis redis;
    private static int redisTlsPort;
    private static Vertx vertx;

    @BeforeAll
    static void start() throws IOException {
        ca = TestCa.make(folder, "ca");
        TestCa other = TestCa.make(folder, "other");
        pairs = Map.of(
                "right", ca.sign("right", "DNS:localhost", 2),
                "address", ca.sign("address", "IP:127.0.0.1", 2),
                "elsewhere", ca.sign("elsewhere", "DNS:elsewhere.example", 2),
                "over", ca.sign("over", "DNS:localhost", -1),
                "foreign", other.sign("foreign", "DNS:localhost", 2),
                "client", ca.sign("client", "DNS:client", 2));
        place = new TestCa.Pair(folder.resolve("server.crt"), folder.resolve("server.key"));
        pairs.get("right").copyTo(place);
        postgres = TestPostgres.start(BundledServer.Options.defaults()
                .with("ssl", "on")
                .with("ssl_cert_file", place.cert().toString())
                .with("ssl_key_file", place.key().toString())
                .with("ssl_ca_file", ca.cert().toString())
                .with("hba_file", hba().toString())
                .with("unix_socket_directories", folder.toString()));
        for (String database : List.of("tls_only", "with_client")) {
            TestPostgres.execute(postgres.uri(), "create database " + database);
        }
        redisTlsPort = Ports.free();
        redis = TestRedis.start(BundledServer.Options.defaults()
                .with("tls-port", Integer.toString(redisTlsPort))
                .with("tls-cert-file", place.cert().toString())
                .with("tls-key-file", place.key().toString())
                .with("tls-ca-cert-file", ca.cert().toString())
                .with("tls-auth-clients", "no"));
        vertx = ClientVertx.make();
    }

    private static Path hba() throws IOException {
        return Files.writeString(folder.resolve("hba.conf"), """
                hostssl tls_only    all 127.0.0.1/32 scram-sha-256
                hostssl with_client all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
                host    tls_only,with_client all 127.0.0.1/32 reject
                host    all         all 127.0.0.1/32 scram-sha-256
                local   all         all              scram-sha-256
                """);
    }

    @AfterAll
    static void stop() {
        Await.result(vertx.close());
        redis.close();
        postgres.close();
    }

    /** With {@code CA} and the like standing for files. */
    private static String postgresUri(String host, String database, String query) {
        String base = postgres.uri().replace("127.0.0.1", host);
        String named = query.replace("=CA", "=" + ca.cert())
                .replace("=CLIENT-KEY", "=" + pairs.get("client").key())
                .replace("=CLIENT", "=" + pairs.get("client").cert());
        return base.substring(0, base.lastIndexOf('/') + 1) + database + (named.isEmpty() ? "" : "?" + named);
    }

    private static SluiceConfig.Redis redisConfig(String host, String... sets) {
        String base = redis.uri().replace("redis://", "rediss://").replace("127.0.0.1", host);
        String uri = base.replace(":" + redis.port(), ":" + redisTlsPort);
        return SluiceConfig.of(Stream.concat(Stream.of("redis.uri=" + uri), Arrays.stream(sets))
                        .toArray(String[]::new))
                .redis();
    }

    /** Waits until both servers show that certificate: PostgreSQL reads it when it is told to, a moment later. */
    private static void serve(String pair) {
        pairs.get(pair).copyTo(place);
        Commands.signal("HUP", List.of(postgres.pid()));
        redis.command(
                "CONFIG",
                "SET",
                "tls-cert-file",
                place.cert().toString(),
                "tls-key-file",
                place.key().toString());
    }

    /** Whether the connection is encrypted, or what keeps it from standing. */
    private static String postgresOutcome(String uri, String... sets) {
        String[] all = Stream.concat(Stream.of("postgres.uri=" + uri), Arrays.stream(sets))
                .toArray(String[]::new);
        return Await.result(PgLink.connect(vertx, SluiceConfig.of(all).postgres(), UnaryOperator.identity())
                .compose(connection -> connection
                        .query("select case when ssl then 'encrypted' else 'clear' end from pg_stat_ssl where pid ="
                                + " pg_backend_pid()")
                        .execute()
                        .map(rows -> rows.iterator().next().getString(0))
                        .eventually(connection::close))
                .otherwise(Throwable::getMessage));
    }

    private static String redisOutcome(SluiceConfig.Redis config) {
        RedisLink link = new RedisLink(vertx, config);
        return Await.result(link.client()
                .compose(client -> link.connect(client)
                        .compose(connection -> connection.send(Request.cmd(Command.PING)))
                        .map(Object::toString)
                        .eventually(client::close))
                .otherwise(Throwable::getMessage));
    }

    @ParameterizedTest
    @CsvSource({
        // certificate, host, parameters, what comes of it
        "right, localhost, sslmode=require, encrypted",
        "right, localhost, ssl=true, encrypted",
        "right, localhost, sslmode=require&sslrootcert=CA, encrypted",
        "right, localhost, sslmode=verify-ca&sslrootcert=CA, encrypted",
        "right, localhost, sslmode=verify-full&sslrootcert=CA, encrypted",
        "right, localhost, sslrootcert=CA, encrypted",
        "right, localhost, sslmode=verify-full&sslrootcert=CA&ssl_min_protocol_version=TLSv1.3, encrypted",
        "right, localhost, sslmode=require&ssl_max_protocol_version=TLSv1.2, encrypted",
        "right, 127.0.0.1, sslmode=verify-ca&sslrootcert=CA, encrypted",
        "right, 127.0.0.1, sslmode=verify-full&sslrootcert=CA, not that of the host 127.0.0.1",
        "right, localhost, sslmode=verify-full&sslrootcert=system, none of the CAs of the JVM",
        "right, localhost, sslmode=disable, clear",
        "right, localhost, application_name=x, clear",
        "address, 127.0.0.1, sslmode=verify-full&sslrootcert=CA, encrypted",
        "elsewhere, localhost, sslmode=verify-ca&sslrootcert=CA, encrypted",
        "elsewhere, localhost, sslmode=verify-full&sslrootcert=CA, not that of the host localhost",
        "over, localhost, sslmode=verify-full&sslrootcert=CA, Renew the server's certificate",
        "over, localhost, sslmode=require, encrypted",
        "foreign, localhost, sslmode=require, encrypted",
        "foreign, localhost, sslmode=require&sslrootcert=CA, none of the CAs in",
        "foreign, localhost, sslmode=verify-ca&sslrootcert=CA, none of the CAs in",
        "foreign, localhost, sslmode=verify-full&sslrootcert=CA, none of the CAs in"
    })
    void postgresIsTrustedAsLibpqDoesIt(String certificate, String host, String query, String expected) {
        serve(certificate);
        Await.until(
                expected,
                () -> postgresOutcome(postgresUri(host, "sluice", query)).contains(expected));
    }

    @Test
    void theKeysNameFilesAndOneInTheUriWins() {
        serve("right");
        String uri = postgresUri("localhost", "sluice", "");
        String byKey = "postgres.tls.ca=" + ca.cert();
        Await.until("a CA by key", () -> postgresOutcome(uri, byKey).equals("encrypted"));
        String foreign = "postgres.tls.ca=" + folder.resolve("other.crt");
        assertTrue(postgresOutcome(uri, foreign).contains("none of the CAs in " + folder.resolve("other.crt")));
        assertEquals("encrypted", postgresOutcome(postgresUri("localhost", "sluice", "sslrootcert=CA"), foreign));
    }

    @Test
    void aServerThatWantsTlsOrACertificateIsToldWithTheMend() {
        serve("right");
        String clear = postgresOutcome(postgresUri("localhost", "tls_only", ""));
        assertTrue(clear.contains("sslmode=verify-full"), clear);
        Await.until(
                "TLS only",
                () -> postgresOutcome(postgresUri("localhost", "tls_only", "sslrootcert=CA"))
                        .equals("encrypted"));
        String without = postgresOutcome(postgresUri("localhost", "with_client", "sslrootcert=CA"));
        assertTrue(without.contains("client certificate"), without);
        assertTrue(without.contains("postgres.tls.cert"), without);
        assertEquals(
                "encrypted",
                postgresOutcome(
                        postgresUri("localhost", "with_client", "sslrootcert=CA&sslcert=CLIENT&sslkey=CLIENT-KEY")));
        String foreign = postgresOutcome(
                postgresUri("localhost", "with_client", "sslrootcert=CA"),
                "postgres.tls.cert=" + pairs.get("foreign").cert(),
                "postgres.tls.key=" + pairs.get("foreign").key());
        assertTrue(foreign.contains("postgres.tls.cert"), foreign);
    }

    @Test
    void aUnixSocketIsTakenWhateverTheModeAndAServerWithoutTlsIsSaid() {
        String userInfo = postgres.uri().substring(0, postgres.uri().indexOf('@'));
        String port = postgres.uri().replaceAll(".*:([0-9]+)/.*", "$1");
        String socket = userInfo + "@/sluice?host=" + folder + "&port=" + port;
        assertEquals("clear", postgresOutcome(socket));
        assertEquals("clear", postgresOutcome(socket + "&sslmode=verify-full"));
        String none = TestPostgres.freshDatabase() + "?sslmode=require";
        assertTrue(postgresOutcome(none).contains("has no TLS"), postgresOutcome(none));
    }

    @ParameterizedTest
    @CsvSource({
        "right, localhost, PONG",
        "right, 127.0.0.1, not that of the host 127.0.0.1",
        "address, 127.0.0.1, PONG",
        "elsewhere, localhost, not that of the host localhost",
        "over, localhost, Renew the server's certificate",
        "foreign, localhost, none of the CAs in"
    })
    void rediss(String certificate, String host, String expected) {
        serve(certificate);
        String outcome = redisOutcome(redisConfig(host, "redis.tls.ca=" + ca.cert()));
        assertTrue(outcome.contains(expected), outcome);
    }

    @Test
    void redissWithoutACaTrustsThoseOfTheJvm() {
        serve("right");
        String outcome = redisOutcome(redisConfig("localhost"));
        assertTrue(outcome.contains("none of the CAs of the JVM"), outcome);
    }

    @Test
    void redissAtAPortInClearIsSaid() {
        String uri = redis.uri().replace("redis://", "rediss://").replace("127.0.0.1", "localhost");
        String outcome = redisOutcome(
                SluiceConfig.of("redis.uri=" + uri, "redis.tls.ca=" + ca.cert()).redis());
        assertTrue(outcome.contains("redis.uri"), outcome);
        assertFalse(outcome.contains("not answer"), outcome);
    }

    @Test
    void aRedisThatWantsACertificateGetsOne() {
        serve("right");
        redis.command("CONFIG", "SET", "tls-auth-clients", "yes");
        try {
            String[] with = {
                "redis.tls.ca=" + ca.cert(),
                "redis.tls.cert=" + pairs.get("client").cert(),
                "redis.tls.key=" + pairs.get("client").key()
            };
            assertEquals("PONG", redisOutcome(redisConfig("localhost", with)));
            String without = redisOutcome(redisConfig("localhost", "redis.tls.ca=" + ca.cert()));
            assertTrue(without.contains("redis.tls.cert"), without);
        } finally {
            redis.command("CONFIG", "SET", "tls-auth-clients", "no");
        }
    }

    @Test
    void anOrderIsCommittedOverTlsQueuedOverTlsAndReadinessNamesABadCertificate() {
        serve("right");
        String uri = postgresUri("localhost", "tls_only", "sslmode=verify-full&sslrootcert=CA");
        Await.until("TLS", () -> postgresOutcome(uri).equals("encrypted"));
        String[] overflow = {
            "redis.uri="
                    + redisConfig("localhost", "redis.tls.ca=" + ca.cert())
                            .uri()
                            .value(),
            "redis.tls.ca=" + ca.cert()
        };
        try (Node node = Node.start(uri, overflow);
                OrderClient client = node.client();
                OrderClient admin = node.admin()) {
            assertEquals(201, client.post(TestOrders.document(Node.key())).status());
            serve("elsewhere");
            postgres.restart();
            Await.until(
                    "queued", () -> client.post(TestOrders.document(Node.key())).status() == 202);
            Await.until("the reason", () -> admin.get("/readyz").body().contains("not that of the host localhost"));
            serve("right");
            Await.until(
                    "committed again",
                    () -> client.post(TestOrders.document(Node.key())).status() == 201);
        }
    }

    @Test
    void aStartWithTheWrongCaIsRefusedAtOnce() {
        serve("right");
        String uri =
                postgresUri("localhost", "sluice", "sslmode=verify-full&sslrootcert=" + folder.resolve("other.crt"));
        UnfitStoreException refused =
                assertThrows(UnfitStoreException.class, () -> Node.start(uri).close());
        assertTrue(refused.mend().contains("postgres.tls.ca"), refused.mend());
    }
}
