package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import dev.sluice.rig.Await;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.TcpProxy;
import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The node itself is killed, stopped, starved and lied to about the time. */
class NodeFaultsTest {

    private static final long LIMIT_SECONDS = 30;

    @TempDir
    Path folder;

    @Fault("node-killed")
    void whatAKilledNodeAcknowledgedIsThereAfterARestart() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            NodeProcess node = rig.serve();
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(200, End.QUEUED);
            rig.kill(node);
            assertTrue(rig.overflow.queued() > 0, "void: nothing was queued");
            rig.postgres.thaw();
            rig.serve();
            load.awaitMore(100, End.COMMITTED);
            rig.verify();
        }
    }

    /** Killed while PostgreSQL has committed what no client has heard of: its repetitions find the rows. */
    @Fault(value = "http-node-killed", slow = true)
    void whatWasInFlightAtAKillIsStoredAtMostOnce() throws Exception {
        try (NodeRig rig = NodeRig.start();
                TcpProxy proxy = TcpProxy.at(0, rig.postgres.uri())) {
            String[] sets = Stream.concat(
                            Stream.of(NodeRig.PATIENT),
                            Stream.of(
                                    "postgres.uri=" + proxy.uri(),
                                    "writer.fillMin=1", // each client's order a batch: not all are repetitions
                                    "writer.inFlightMax=8",
                                    "postgres.poolSize=8"))
                    .toArray(String[]::new);
            NodeProcess node = rig.serve(sets);
            Load load = rig.load();
            proxy.mute(true);
            int[] seen = new int[1];
            Await.state("commits without an answer", () -> unheard(rig, load) > 0 && ++seen[0] > 20);
            rig.kill(node);
            long unheard = unheard(rig, load);
            assertTrue(unheard > 0, "void: nothing was in flight and stored");
            rig.serve();
            load.awaitMore(100, End.COMMITTED);
            load.awaitMore(20, End.REPLAYED);
            rig.verify();
        }
    }

    private static long unheard(NodeRig rig, Load load) {
        return rig.rows() - load.history.count(End.COMMITTED, End.QUEUED, End.UNKNOWN);
    }

    @Fault("node-stopped")
    void aStopWithQueuedOrdersLosesNoAnswer() throws Exception {
        try (NodeRig rig = NodeRig.start()) {
            NodeProcess node = rig.serve();
            Load load = rig.load();
            rig.postgres.freeze();
            load.awaitMore(200, End.QUEUED);
            load.leaveWhenLetGo();
            node.signal("TERM");
            load.awaitLeft();
            assertEquals(0, node.awaitExit(LIMIT_SECONDS), node.errors());
            assertTrue(rig.overflow.queued() > 0, "void: nothing was queued");
            rig.postgres.thaw();
            rig.serve();
            rig.verifyWithout(End.RESET, End.HANG, End.STRANGE); // a slow disk may make a 503 of a 202
        }
    }

    /**
     * From a jar, as it is shipped: a class in a folder needs a file of its own when it is first used.
     *
     * <p>More clients than files it may open; meanwhile PostgreSQL goes, and there is no file for a new connection.
     */
    @Fault(value = "out-of-descriptors", slow = true)
    void withoutFileDescriptorsNothingIsLostAndItRecovers() throws Exception {
        int files = 160;
        List<String> limit = List.of("sh", "-c", "ulimit -n " + files + " && exec \"$@\"", "sh");
        try (NodeRig rig = NodeRig.start()) {
            List<String> shipped = List.of("-cp", classPathOfJars());
            NodeProcess node = rig.serve(rig.place, new Manner(limit, shipped, Map.of()));
            List<OrderClient> idle = new ArrayList<>();
            Load load = rig.load();
            try {
                for (int i = 0; i < files; i++) {
                    idle.add(new OrderClient(rig.place.port()));
                }
                Await.state("no file left", () -> node.openFiles() >= files - 1);
                load.awaitMore(100, End.COMMITTED);
                rig.postgres.freeze();
                load.awaitMore(100, End.QUEUED);
                rig.postgres.thaw();
                idle.forEach(OrderClient::close);
                Await.state("files again", () -> node.openFiles() < files - 20);
                load.awaitMore(100, End.COMMITTED);
                Await.until("a new client is served", () -> isServed(rig.place.port()));
                rig.verifyAnswered();
            } finally {
                idle.forEach(OrderClient::close);
            }
        }
    }

    /** The tests' class path, with each folder packed into a jar. */
    private String classPathOfJars() {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> path = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!element.isEmpty() && Files.isDirectory(Path.of(element))) {
                String file = folder.resolve(path.size() + ".jar").toString();
                if (jar.run(System.err, System.err, "--create", "--file", file, "-C", element, ".") != 0) {
                    throw new AssertionError("cannot pack " + element);
                }
                path.add(file);
            } else {
                path.add(element);
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static boolean isServed(int port) {
        try (OrderClient late = new OrderClient(port)) {
            return late.get("/orders?clientOrderId=absent").status() == 404;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    @Fault(value = "small-heap", slow = true)
    void withAHeapThatIsTooSmallNothingAcknowledgedIsLost() throws Exception {
        Manner small = Manner.withFlags("-Xmx24m", "-XX:MaxDirectMemorySize=128m", "-XX:+ExitOnOutOfMemoryError");
        try (NodeRig rig = NodeRig.start()) {
            NodeProcess node = rig.serve(rig.place, small, "node.memoryBytesMax=" + (32 << 20));
            Load load = rig.load();
            try (NodeBulk bulk = NodeBulk.start(rig.place.port())) {
                Await.state(
                        "bulk requests or orders refused, or the node's end",
                        () -> !node.isAlive()
                                || bulk.refused() > 20
                                || load.history.count(End.NOT_STORED, End.UNKNOWN) > 20);
                bulk.stop();
                if (!node.isAlive()) {
                    assertEquals(3, node.awaitExit(LIMIT_SECONDS), "as the JVM leaves when it is out of memory");
                    rig.serve();
                }
                load.awaitMore(100, End.COMMITTED);
                rig.verify();
                assertEquals(List.of(), bulk.lost(rig.postgres.uri()), "acknowledged in bulk, and no row");
            }
        }
    }

    @Fault(value = "clock-jump", slow = true)
    void aClockThatJumpsDoesNoHarm() throws Exception {
        try (NodeRig rig = NodeRig.start();
                NodeClock clock = NodeClock.create()) {
            rig.serve(rig.place, new Manner(List.of(), List.of(), clock.environment()), NodeRig.PATIENT);
            Load load = rig.load();
            try (NodeUnkeyed unkeyed = NodeUnkeyed.start(rig.place.port())) {
                for (int hours : new int[] {1, 0, -1, 0, 1}) {
                    clock.shiftHours(hours);
                    unkeyed.awaitAcceptedAround(hours);
                    load.awaitMore(100, End.COMMITTED);
                }
                rig.postgres.freeze();
                load.awaitMore(50, End.QUEUED);
                clock.shiftHours(-1);
                unkeyed.awaitAcceptedAround(-1);
                rig.postgres.thaw();
                load.awaitMore(100, End.COMMITTED);
                unkeyed.stop();
                rig.verifyUnhurt();
                unkeyed.assertEachIsARow(rig.postgres.uri());
            }
        }
    }
}
