package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice doctor} against a real PostgreSQL, and against what is not there. */
@Tag("contract")
@Timeout(120)
class DoctorVerbTest {

    private record Ran(int code, JsonObject found) {

        JsonObject check(String list, String name) {
            JsonArray checks = found.getJsonArray(list);
            for (int i = 0; i < checks.size(); i++) {
                if (checks.getJsonObject(i).getString("name").equals(name)) {
                    return checks.getJsonObject(i);
                }
            }
            throw new AssertionError("no check " + name + " in " + found.encodePrettily());
        }

        String current(String list, String name) {
            return check(list, name).getString("current");
        }

        String verdict(String list, String name) {
            return check(list, name).getString("verdict");
        }
    }

    private static Ran doctor(String... flags) {
        StringWriter out = new StringWriter();
        List<String> line = new ArrayList<>(List.of("doctor", "--json", "--admin-port=0"));
        line.addAll(List.of(flags));
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(new StringWriter()))
                .execute(line.toArray(String[]::new));
        return new Ran(code, new JsonObject(out.toString()));
    }

    @Test
    void aFreshDatabaseIsLookedAtAndNotChanged() {
        String uri = TestPostgres.freshDatabase();
        Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri);
        assertEquals(0, ran.code, ran.found.encodePrettily());
        assertEquals("ok", ran.verdict("start", "ports"));
        assertEquals("ok", ran.verdict("start", "PostgreSQL"));
        assertEquals("ok", ran.verdict("start", "a 201 is kept"));
        assertTrue(ran.current("start", "schema").startsWith("missing or older; the first start"));
        assertEquals("warn", ran.verdict("start", "Redis"), "there is none");
        assertTrue(ran.current("speed", "PostgreSQL round trip").endsWith(" ms"));
        assertTrue(ran.current("speed", "PostgreSQL sync").endsWith(" ms"));
        assertEquals(
                "0", TestPostgres.queryText(uri, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"));
    }

    @Test
    void settingsThatLoseOrdersFailUnlessTheyAreAllowed() {
        String uri = TestPostgres.freshDatabase();
        TestPostgres.execute(
                uri,
                "DO $$ BEGIN EXECUTE 'ALTER DATABASE \"' || current_database() || '\" SET synchronous_commit = off'; END $$");
        Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri);
        assertEquals(ExitCodes.FAILED, ran.code);
        assertEquals("fail", ran.verdict("start", "a 201 is kept"));
        assertTrue(ran.current("start", "a 201 is kept").contains("synchronous_commit = off"));
        Ran allowed = doctor("--http-port=0", "--allow-unsafe-store", "--set=postgres.uri=" + uri);
        assertEquals(0, allowed.code);
        assertEquals("warn", allowed.verdict("start", "a 201 is kept"));
    }

    /** Another's table beside none of ours, or in the place of ours: a start would be refused, and so it is said. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE orders (id int)",
                "CREATE VIEW orders AS SELECT 1 AS id",
                "CREATE TABLE orders (id int); CREATE TABLE sluice_migrations (version int, applied_at timestamptz);"
                        + " INSERT INTO sluice_migrations VALUES (1, now())"
            })
    void aTableThatIsNotOursFails(String made) {
        String uri = TestPostgres.freshDatabase();
        Stream.of(made.split(";", -1)).forEach(statement -> TestPostgres.execute(uri, statement));
        Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri);
        assertEquals(ExitCodes.FAILED, ran.code, ran.found.encodePrettily());
        JsonObject refused = ran.found.getJsonArray("start").stream()
                .map(JsonObject.class::cast)
                .filter(check -> check.getString("verdict").equals("fail"))
                .findFirst()
                .orElseThrow();
        assertEquals("PostgreSQL", refused.getString("name"));
        assertTrue(refused.getString("mend").contains("postgres.uri"), refused.encodePrettily());
    }

    @Test
    void aDatabaseThatANodeUsesIsLookedAtAndGetsNoOrder() throws Exception {
        String uri = TestPostgres.freshDatabase();
        NodeRun.migrate(SluiceConfig.of("postgres.uri=" + uri));
        Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri);
        assertEquals(0, ran.code, ran.found.encodePrettily());
        assertEquals("of this release", ran.current("start", "schema"));
        assertEquals("ok", ran.verdict("start", "rights"));
        assertEquals("0", TestPostgres.queryText(uri, "SELECT count(*)::text FROM orders"));
    }

    @Test
    void aStoreThatIsNotThereFails() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Ran ran = doctor(
                "--http-port=0",
                "--set=postgres.uri=postgresql://u:hush@127.0.0.1:" + free + "/d",
                "--set=redis.uri=redis://:hush@127.0.0.1:" + free);
        assertEquals(ExitCodes.FAILED, ran.code);
        assertEquals("fail", ran.verdict("start", "PostgreSQL"));
        assertEquals("fail", ran.verdict("start", "Redis"));
        assertTrue(!ran.found.encode().contains("hush"), ran.found.encode());
    }

    @Test
    void aRedisIsLookedAtAndNotChanged() {
        String uri = TestPostgres.freshDatabase();
        try (TestRedis redis = TestRedis.start()) {
            Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri, "--set=redis.uri=" + redis.uri());
            assertEquals(0, ran.code, ran.found.encodePrettily());
            assertEquals("ok", ran.verdict("start", "a 202 is kept"));
            assertEquals("ok", ran.verdict("start", "rights in Redis"));
            assertTrue(ran.current("speed", "Redis sync").endsWith(" ms"), ran.found.encodePrettily());
            assertEquals("0", redis.ask("DBSIZE"), "nothing is left, not even a consumer group");
        }
        try (TestRedis redis = TestRedis.start("appendfsync", "no")) {
            Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri, "--set=redis.uri=" + redis.uri());
            assertEquals(ExitCodes.FAILED, ran.code);
            assertTrue(ran.current("start", "a 202 is kept").contains("appendfsync = no"));
        }
    }

    /** A link that leaves the machine in clear is a warning; the test's stays here. */
    @Test
    void theLinksAreNamed() {
        String uri = TestPostgres.freshDatabase();
        Ran ran = doctor("--http-port=0", "--set=postgres.uri=" + uri);
        assertEquals("in clear, on this machine", ran.current("start", "TLS to PostgreSQL"));
        Ran away = doctor(
                "--http-port=0",
                "--set=postgres.uri=postgresql://u:hush@192.0.2.1:5432/d",
                "--set=postgres.connectTimeoutMs=10");
        assertEquals("warn", away.verdict("start", "TLS to PostgreSQL"));
    }

    @Test
    void theDataDirectoryIsLookedAtAndNotMade(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("data");
        assertEquals("ok", doctor("--http-port=0", "--data-dir=" + missing).verdict("start", "data directory of dev"));
        assertFalse(Files.exists(missing));
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Ran ran = doctor("--http-port=0", "--data-dir=" + open);
        assertEquals(ExitCodes.FAILED, ran.code);
        assertTrue(ran.current("start", "data directory of dev").contains("can be written by others"));
        try (DataDirectory held = DataDirectory.open(missing)) {
            Ran inUse = doctor("--http-port=0", "--data-dir=" + held.path());
            assertTrue(inUse.current("start", "data directory of dev").contains("is in use"));
        }
    }

    @Test
    void forAPersonEachConditionHasWhatIsRequired() {
        StringWriter out = new StringWriter();
        Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(new StringWriter()))
                .execute("doctor", "--http-port=0", "--admin-port=0");
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.contains("Will it start and keep its promise?"));
        assertTrue(lines.contains("Will it be fast?"));
        long checks = lines.stream()
                .filter(line -> line.matches(" {2}(ok|warn|fail) +.*"))
                .count();
        assertEquals(
                checks,
                lines.stream()
                        .filter(line -> line.startsWith("        required: "))
                        .count());
        assertTrue(checks > 10, out.toString());
    }

    @Test
    void aPortThatIsTakenFails() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran = doctor("--http-port=" + taken.getLocalPort());
            assertEquals(ExitCodes.FAILED, ran.code);
            assertEquals("fail", ran.verdict("start", "ports"));
            assertTrue(ran.current("start", "ports").contains("is taken"));
            assertEquals("warn", ran.verdict("start", "PostgreSQL"), "none is configured");
        }
    }
}
