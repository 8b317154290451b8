package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.BundledServer.Options;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A life of one data directory, in a folder with a space in its name. */
@Tag("process")
class BundledRedisTest {

    private static final String KEY = "sluice:{0}:test";

    @TempDir
    Path temp;

    private Path folder;
    private DataDirectory directory;

    @BeforeEach
    void takeFolder() {
        folder = temp.resolve("my data");
        directory = DataDirectory.open(folder);
    }

    @AfterEach
    void releaseFolder() throws Exception {
        directory.close();
        KeptFiles.deleteTree(folder);
    }

    @Test
    void aRestartKeepsDataPortAndPassword() {
        String uri;
        try (BundledRedis server = start()) {
            uri = server.uri();
            assertEquals("OK", TestRedis.on(uri, "SET", KEY, "42"));
        }
        try (BundledRedis server = start()) {
            assertEquals(uri, server.uri());
            assertEquals("42", TestRedis.on(uri, "GET", KEY));

            long before = server.pid();
            server.restart();
            assertNotEquals(before, server.pid());
            assertEquals("42", TestRedis.on(uri, "GET", KEY));
        }
    }

    @Test
    void whatItKeepsIsTheOwnersAlone() throws Exception {
        try (BundledRedis server = start()) {
            String password = URI.create(server.uri()).getUserInfo().split(":", 2)[1];
            assertEquals("rw-------", permissions("redis/connection.properties"));
            assertEquals("rw-------", permissions("redis/redis.conf"));
            assertEquals("rwx------", permissions("redis"));
            assertEquals("rwx------", permissions("redis/data"));
            assertFalse(Files.readString(folder.resolve("redis/redis.conf")).contains(password), "only its hash");
            String commandLine = Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"));
            assertFalse(commandLine.contains(password), commandLine);
        }
    }

    @Test
    void itsSettingsKeepThePromise() {
        Map<String, String> promised = Map.of(
                "appendonly", "yes",
                "appendfsync", "always",
                "no-appendfsync-on-rewrite", "no",
                "maxmemory", "536870912",
                "maxmemory-policy", "noeviction",
                "save", "",
                "bind", "127.0.0.1",
                "protected-mode", "yes");
        try (BundledRedis server = start()) {
            promised.forEach((name, value) ->
                    assertEquals(name + "\n" + value, TestRedis.on(server.uri(), "CONFIG", "GET", name)));
            String info = TestRedis.on(server.uri(), "INFO", "server");
            assertTrue(info.contains("redis_version:" + Binaries.REDIS_VERSION), info);
        }
    }

    private static void assertNoEntry(String error, BundledRedis server, String userInfo) {
        String uri = server.uri().replaceFirst("//[^@]*@", "//" + userInfo);
        assertTrue(TestRedis.on(uri, "GET", KEY).startsWith(error), uri);
    }

    @Test
    void withoutItsPasswordItDoesNothing() {
        try (BundledRedis server = start()) {
            assertNoEntry("-NOAUTH", server, "");
            assertNoEntry("-WRONGPASS", server, "sluice:guess@");
            assertNoEntry("-WRONGPASS", server, "default:@");
        }
    }

    @Test
    void theNodesUserMayQueueAndNothingThatRunsCodeOrDropsOrders() {
        try (BundledRedis server = start()) {
            String uri = server.uri();
            List<String> refused = List.of(
                    "EVAL 1 0",
                    "SCRIPT LOAD 1",
                    "FUNCTION LIST",
                    "FCALL f 0",
                    "CONFIG SET appendfsync no",
                    "CONFIG REWRITE",
                    "DEBUG SLEEP 0",
                    "FLUSHALL",
                    "FLUSHDB",
                    "KEYS *",
                    "MODULE LIST",
                    "SHUTDOWN NOSAVE",
                    "REPLICAOF NO ONE",
                    "ACL LIST",
                    "MONITOR",
                    "CLIENT KILL ID 1",
                    "SAVE",
                    "BGREWRITEAOF",
                    "SET other 1",
                    "GET other",
                    "PFADD sluice:{0}:h a",
                    "PFDEBUG DECODE sluice:{0}:h",
                    "SETBIT sluice:{0}:b 1 1",
                    "GEOADD sluice:{0}:g 1 1 a",
                    "PUBLISH c m");
            for (String command : refused) {
                String answer = TestRedis.on(uri, command.split(" ", -1));
                assertTrue(answer.startsWith("-NOPERM") || answer.startsWith("-ERR DEBUG"), command + ": " + answer);
            }
            List<String> allowed = List.of(
                    "XGROUP CREATE sluice:{0}:stream drain 0 MKSTREAM",
                    "XADD sluice:{0}:stream * v 1",
                    "XREADGROUP GROUP drain me COUNT 1 STREAMS sluice:{0}:stream >",
                    "XAUTOCLAIM sluice:{0}:stream drain me 1000 0",
                    "XPENDING sluice:{0}:stream drain",
                    "XINFO GROUPS sluice:{0}:stream",
                    "XLEN sluice:{0}:stream",
                    "XACK sluice:{0}:stream drain 1-1",
                    "XDEL sluice:{0}:stream 1-1",
                    "HSETNX sluice:{0}:orders a 1",
                    "HMGET sluice:{0}:orders a b",
                    "HDEL sluice:{0}:orders a",
                    "ZADD sluice:{0}:dead-by-order 0 a:b",
                    "ZRANGEBYLEX sluice:{0}:dead-by-order [a [b",
                    "HSCAN sluice:{0}:dead 0",
                    "MULTI",
                    "WATCH sluice:{0}:dead",
                    "PING",
                    "HELLO 3",
                    "CLIENT SETNAME me",
                    "COMMAND",
                    "INFO memory",
                    "ACL DRYRUN default XDEL sluice:{0}:stream 1-1",
                    "TIME");
            for (String command : allowed) {
                String answer = TestRedis.on(uri, command.split(" ", -1));
                assertFalse(answer.startsWith("-"), command + ": " + answer);
            }
        }
    }

    @Test
    void whatAKilledJvmLeftBehindIsStoppedAndStartedAnew() throws Exception {
        directory.close();
        String uri;
        long survivor;
        try (ChildJvm child = ChildJvm.start("redis", folder)) {
            uri = child.line();
            survivor = Long.parseLong(child.line());
            TestRedis.on(uri, "SET", KEY, "42");
            child.kill();
        }
        assertTrue(TestRedis.isAlive(survivor));

        directory = DataDirectory.open(folder);
        try (BundledRedis server = start()) {
            assertFalse(TestRedis.isAlive(survivor));
            assertNotEquals(survivor, server.pid());
            assertEquals(uri, server.uri());
            assertEquals("42", TestRedis.on(uri, "GET", KEY));
        }
    }

    @Test
    void aKilledServerStartsAgainWithAllThatItAcknowledged() {
        try (TestRedis redis = TestRedis.start()) {
            for (int i = 0; i < 100; i++) {
                redis.askAsNode("SET", KEY + i, "42");
            }
            redis.kill();
            redis.server().restart();
            assertEquals("42", redis.askAsNode("GET", KEY + 99));
            assertEquals("100", redis.ask("DBSIZE"));
        }
    }

    /** Redis judges the transactions in its file by the rights of its default user, and drops what that may not do. */
    @Test
    void aTransactionOutlivesARestartThoughTheDefaultUserIsOff() {
        try (TestRedis redis = TestRedis.start()) {
            redis.transaction("XADD sluice:{0}:stream * v 1", "HSETNX sluice:{0}:orders a 1");
            assertEquals("1", redis.askAsNode("XLEN", "sluice:{0}:stream"));
            redis.server().restart();
            assertEquals("1", redis.askAsNode("XLEN", "sluice:{0}:stream"));
            assertEquals("1", redis.askAsNode("HGET", "sluice:{0}:orders", "a"));
            redis.kill();
            redis.server().restart();
            assertEquals("1", redis.askAsNode("XLEN", "sluice:{0}:stream"));
        }
    }

    @Test
    void aFrozenServerIsKilledWhichItsFileOutlives() {
        try (TestRedis redis = TestRedis.start()) {
            redis.askAsNode("SET", KEY, "42");
            redis.freeze();
            redis.server().stop(Duration.ofSeconds(4));
            redis.server().restart();
            assertEquals("42", redis.askAsNode("GET", KEY));
        }
    }

    @Test
    void aPidFileThatNamesAnotherProgramIsStale() throws Exception {
        start().close();
        Files.writeString(
                folder.resolve("redis/data/redis.pid"), ProcessHandle.current().pid() + "\n");
        try (BundledRedis server = start()) {
            assertNotEquals(ProcessHandle.current().pid(), server.pid());
        }
    }

    @Test
    void whatAKillLeftHalfUnpackedIsDoneAgain() throws Exception {
        Path partial = folder.resolve("redis/binaries-" + Binaries.REDIS_VERSION + ".partial");
        Files.createDirectories(partial);
        Files.writeString(partial.resolve(Binaries.REDIS_PROGRAM), "half of it");
        try (BundledRedis server = start()) {
            assertEquals("PONG", TestRedis.on(server.uri(), "PING"));
            assertFalse(Files.exists(partial));
        }
    }

    @Test
    void aTakenPortIsNamedAndItsOwnerIsNotUsed() throws Exception {
        int port = startAndStop().getPort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            String message =
                    assertThrows(BundledServerException.class, this::start).getMessage();
            assertTrue(message.startsWith("port 127.0.0.1:" + port + " of the bundled Redis"), message);
            assertTrue(message.contains("connection.properties"), message);

            Path kept = folder.resolve("redis/connection.properties");
            Files.writeString(kept, Files.readString(kept).replaceAll("port=.*\n", ""));
            try (BundledRedis server = start()) {
                assertNotEquals(other.getLocalPort(), URI.create(server.uri()).getPort());
                assertEquals("PONG", TestRedis.on(server.uri(), "PING"));
            }
        }
    }

    @Test
    void aSettingThatRedisRefusesIsInTheMessage() {
        Options wrong = Options.defaults().with("maxmemory", "much");
        String message = assertThrows(BundledServerException.class, () -> BundledRedis.start(directory, wrong))
                .getMessage();
        assertTrue(message.contains("maxmemory"), message);
        assertTrue(message.contains("redis.log"), message);
    }

    @Test
    void aDamagedFileIsNotStartedOverAndTheMessageSaysSo() throws Exception {
        start().close();
        Path base = folder.resolve("redis/data/appendonlydir/appendonly.aof.1.base.rdb");
        Files.writeString(base, "REDIS0010 not at all");
        String message = assertThrows(BundledServerException.class, this::start).getMessage();
        assertTrue(message.contains("did not start"), message);
        assertTrue(message.contains("redis.log"), message);
        assertTrue(Files.exists(base));
    }

    @Test
    void theServerHasASessionOfItsOwn() throws Exception {
        try (BundledRedis server = start()) {
            String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            assertEquals(Long.toString(server.pid()), afterName[2], "process group");
            assertEquals(Long.toString(server.pid()), afterName[3], "session");
        }
    }

    @Test
    void atItsMemoryBoundItRefusesAndDropsNothing() {
        try (TestRedis redis = TestRedis.start(Options.defaults().with("maxmemory", "3mb"))) {
            String value = "x".repeat(100_000);
            int taken = 0;
            String answer = "OK";
            while (answer.equals("OK") && taken < 1_000) {
                answer = redis.askAsNode("SET", KEY + taken, value);
                taken += answer.equals("OK") ? 1 : 0;
            }
            assertTrue(answer.startsWith("-OOM"), answer);
            assertEquals(Integer.toString(taken), redis.ask("DBSIZE"));
        }
    }

    /** Why what is stored leaves a full queue by single commands: Redis queues nothing in a transaction then. */
    @Test
    void atItsMemoryBoundItRefusesATransactionOfCommandsThatItTakes() {
        try (TestRedis redis = TestRedis.start()) {
            redis.askAsNode("XGROUP", "CREATE", "sluice:{0}:stream", "drain", "0", "MKSTREAM");
            redis.askAsNode("XADD", "sluice:{0}:stream", "1-1", "v", "1");
            redis.ask("CONFIG", "SET", "maxmemory", "1");
            List<String> leaving = List.of(
                    "HDEL sluice:{0}:orders a", "XACK sluice:{0}:stream drain 1-1", "XDEL sluice:{0}:stream 1-1");
            for (String command : leaving) {
                String answer = redis.askAsNode(command.split(" ", -1));
                assertFalse(answer.startsWith("-"), command + ": " + answer);
                String refused = assertThrows(IllegalStateException.class, () -> redis.transaction(command))
                        .getMessage();
                assertTrue(refused.contains("OOM"), command + ": " + refused);
            }
        }
    }

    @Test
    void bothServersStartTogetherAndStopTogether() throws Exception {
        TestPostgres.seed(folder);
        BundledServers servers = BundledServers.start(directory, 100_000);
        BundledRedis started = Objects.requireNonNull(servers.redis());
        long redis = started.pid();
        assertEquals("maxmemory\n" + 100_000L * 1024, TestRedis.on(started.uri(), "CONFIG", "GET", "maxmemory"));
        long postmaster = servers.postgres().pid();
        servers.stop(Duration.ofSeconds(20));
        assertFalse(TestRedis.isAlive(redis));
        assertFalse(TestRedis.isAlive(postmaster));
    }

    @Test
    void whereOneDoesNotStartTheOtherIsNotLeft() throws Exception {
        TestPostgres.seed(folder);
        int port = startAndStop().getPort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThrows(BundledServerException.class, () -> BundledServers.start(directory, 1_000));
            assertFalse(Files.exists(folder.resolve("postgres/cluster/postmaster.pid")), "PostgreSQL runs on");
            assertTrue(other.isBound());
        }
    }

    private BundledRedis start() {
        return BundledRedis.start(directory, Options.defaults());
    }

    private URI startAndStop() {
        try (BundledRedis server = start()) {
            return URI.create(server.uri());
        }
    }

    private String permissions(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }
}
