package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.BundledPostgres;
import dev.sluice.embedded.BundledRedis;
import dev.sluice.embedded.BundledServer;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.Folders;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice dev} as a process: killed, stopped, started again on what it left. */
@Tag("process")
class DevProcessTest {

    /** Supervisors allow as much. */
    private static final long STOP_LIMIT_SECONDS = 30;

    private Path folder;
    private Path data;

    @BeforeEach
    void prepare() throws Exception {
        folder = Files.createTempDirectory("sluice-dev");
        data = Files.createDirectory(folder.resolve("data"));
        TestPostgres.seed(data);
    }

    @AfterEach
    void clean() {
        Folders.deleteTree(folder);
    }

    private NodeProcess dev(String... more) throws IOException {
        List<String> line =
                new ArrayList<>(List.of("dev", "--data-dir", data.toString(), "--http-port", "0", "--admin-port", "0"));
        line.addAll(List.of(more));
        return NodeProcess.run(folder, line.toArray(String[]::new));
    }

    /** A key that the banner shows is for the shell history of tomorrow too. */
    @Test
    void withAuthItMakesAKeyThatStays() throws Exception {
        String key = "";
        for (int start = 0; start < 2; start++) {
            try (NodeProcess node = dev("--auth")) {
                NodeProcess.Ready ready = node.awaitReady();
                String shown = node.banner().replaceFirst("(?s).*\\bkey +(slk_\\w+) .*", "$1");
                assertTrue(key.isEmpty() || key.equals(shown), node.banner());
                key = shown;
                assertTrue(node.banner().contains("-H \"Authorization: Bearer " + key + "\""), node.banner());
                assertTrue(node.banner().lines().count() <= 12, node.banner());
                try (OrderClient client = new OrderClient(ready.port());
                        OrderClient admin = new OrderClient(ready.adminPort())) {
                    assertEquals(401, client.post(HttpSocket.ORDER).status());
                    String header = "Authorization: Bearer " + key;
                    assertEquals(201, client.post(HttpSocket.ORDER, header).status());
                    assertEquals(
                            200,
                            admin.send("GET", "/metrics", null, new byte[0], header)
                                    .status());
                }
                node.signal("TERM");
                assertEquals(0, node.awaitExit(STOP_LIMIT_SECONDS));
            }
        }
    }

    private long pid() throws IOException {
        Path pidFile = data.resolve("postgres/cluster/postmaster.pid");
        return Files.exists(pidFile)
                ? Long.parseLong(Files.readAllLines(pidFile).get(0).strip())
                : -1;
    }

    @Test
    void afterAKillItStartsAgainAndEveryAcknowledgedOrderIsThere() throws Exception {
        try (NodeProcess first = dev()) {
            NodeProcess.Ready ready = first.awaitReady();
            String uri = NodeProcess.kept(data, "postgres");
            assertFalse(first.banner().contains(password(uri)), "a file is no terminal");
            try (NodeProcess second = dev()) {
                assertEquals(1, second.awaitExit(STOP_LIMIT_SECONDS), "two on one data directory");
                assertTrue(second.errors().contains("in use"), second.errors());
            }
            try (Load load = Load.start(ready.port())) {
                load.awaitMore(300, End.COMMITTED);
                long survivor = pid();
                first.signal("KILL");
                load.await("the reset", () -> load.history.count(End.RESET) > 0);
                first.awaitExit(STOP_LIMIT_SECONDS);
                assertTrue(ProcessHandle.of(survivor).isPresent(), "void: no PostgreSQL survived the kill");
                try (NodeProcess again = dev()) {
                    NodeProcess.Ready back = again.awaitReady();
                    assertEquals(uri, NodeProcess.kept(data, "postgres"), "the same psql line works");
                    assertEquals(ready.storeUri(), back.storeUri());
                    load.moveTo(back.port());
                    load.awaitMore(100, End.COMMITTED);
                    load.verify(uri, NodeProcess.kept(data, "redis"));
                }
            }
        }
    }

    @Test
    void aSignalUnderLoadLosesNoAnswer() throws Exception {
        for (String signal : List.of("TERM", "INT")) {
            try (NodeProcess node = dev()) {
                NodeProcess.Ready ready = node.awaitReady();
                try (Load load = Load.start(ready.port())) {
                    load.awaitMore(300, End.COMMITTED);
                    long postmaster = pid();
                    load.leaveWhenLetGo();
                    node.signal(signal);
                    load.awaitLeft();
                    assertEquals(0, node.awaitExit(STOP_LIMIT_SECONDS), signal);
                    load.stop();
                    assertEquals(0, load.history.count(End.RESET, End.HANG), signal + " " + load.history.summary());
                    assertEquals(0, load.history.count(End.UNKNOWN), "all that was in flight is settled");
                    assertFalse(
                            ProcessHandle.of(postmaster)
                                    .map(DevProcessTest::runs)
                                    .orElse(false),
                            "PostgreSQL is left");
                    verifyStopped(load);
                }
            }
        }
    }

    private static String password(String uri) {
        return Objects.requireNonNull(
                SluiceConfig.of("postgres.uri=" + uri).postgres().requiredUri().password());
    }

    private static boolean runs(ProcessHandle process) {
        return process.info().command().isPresent();
    }

    private void verifyStopped(Load load) throws Exception {
        try (DataDirectory directory = DataDirectory.open(data);
                BundledPostgres postgres = BundledPostgres.start(directory, BundledServer.Options.defaults());
                BundledRedis redis = BundledRedis.start(directory, BundledServer.Options.defaults())) {
            load.verify(postgres.uri(), redis.uri());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unpacking Redis", "creating the PostgreSQL data folder"})
    void aSignalWhileItStartsEndsItCleanly(String during) throws Exception {
        Folders.deleteTree(data.resolve("postgres/cluster"));
        try (NodeProcess node = dev()) {
            Await.state(during, () -> node.errors().contains(during));
            node.signal("TERM");
            assertEquals(0, node.awaitExit(STOP_LIMIT_SECONDS));
            assertFalse(node.errors().contains("internal error"), node.errors());
            assertEquals("", node.banner());
        }
        assertEquals(
                List.of(), ProcessHandle.allProcesses().filter(this::runsInData).toList());
        try (NodeProcess again = dev()) {
            again.awaitReady();
        }
    }

    private boolean runsInData(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .startsWith(data);
        } catch (IOException gone) {
            return false;
        }
    }
}
