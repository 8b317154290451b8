package dev.sluice.fault;

import dev.sluice.embedded.BundledPostgres;
import dev.sluice.embedded.BundledRedis;
import dev.sluice.embedded.BundledServer;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.rig.Await;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Folders;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A node in a process of its own, whose PostgreSQL and Redis keep their files on a {@link PowerDisk}. What is on the
 * disk is used; an empty one is filled. Its end is a SIGKILL: as in a power loss.
 */
final class PoweredNode implements AutoCloseable {

    private final PowerDisk disk;
    private final Path notes = Files.createTempDirectory("sluice-powered");
    private final DataDirectory directory;
    private final BundledPostgres postgres;
    private final BundledRedis redis;
    private final NodeProcess node;
    private boolean over;

    private PoweredNode(PowerDisk disk) throws IOException {
        this.disk = disk;
        Path data = disk.folder().resolve("data");
        boolean fresh = !Files.exists(data);
        directory = DataDirectory.open(data);
        try {
            if (fresh) {
                TestPostgres.seed(directory.path());
            }
            postgres = BundledPostgres.start(directory, BundledServer.Options.defaults());
            redis = BundledRedis.start(directory, BundledServer.Options.defaults());
            disk.sync(); // programs and the empty stores; what comes from now on is theirs to sync
            node = serve();
        } catch (IOException | RuntimeException e) {
            directory.close();
            Folders.deleteTree(notes);
            throw e;
        }
    }

    /** Returns when the node is ready. */
    static PoweredNode start(PowerDisk disk) throws Exception {
        PoweredNode started = new PoweredNode(disk);
        try {
            started.node.awaitReady();
            return started;
        } catch (Exception | AssertionError e) {
            started.close();
            throw e;
        }
    }

    private NodeProcess serve() throws IOException {
        return NodeProcess.serve(
                notes, NodeProcess.Manner.USUAL, "postgres.uri=" + postgres.uri(), "redis.uri=" + redis.uri());
    }

    int port() throws Exception {
        return node.awaitReady().port();
    }

    String postgresUri() {
        return postgres.uri();
    }

    String redisUri() {
        return redis.uri();
    }

    /** The node answers no more; its servers go on. */
    void freeze() {
        node.freeze();
    }

    void freezePostgres() {
        Commands.signal("STOP", postgresPids());
    }

    void thawPostgres() {
        Commands.signal("CONT", postgresPids());
    }

    private List<Long> postgresPids() {
        return TestPostgres.pids(postgres.pid());
    }

    /** Waits until everything queued has its row. */
    void awaitDrained() throws Exception {
        Await.until("an empty overflow", () -> entries().equals("0"));
    }

    private String entries() {
        return TestRedis.on(redisUri(), "HLEN", "sluice:{0}:orders");
    }

    /** The node and its servers, at once, wherever they are. */
    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        node.signal("KILL");
        node.close();
        disk.killUsers();
        directory.close();
        Folders.deleteTree(notes);
    }
}
