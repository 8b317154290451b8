package dev.sluice.fault;

import dev.sluice.embedded.BundledPostgres;
import dev.sluice.embedded.BundledServer;
import dev.sluice.embedded.BundledServerException;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.embedded.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL of a test's own, to be killed, frozen and restarted. Only one at a time: all have the same port. */
public final class OwnPostgres implements AutoCloseable {

    private final Path folder;
    private final DataDirectory directory;
    private final BundledPostgres server;
    private boolean frozen;

    private OwnPostgres(Path folder, BundledServer.Options options) throws IOException {
        this.folder = folder;
        directory = DataDirectory.open(folder);
        TestPostgres.seed(folder);
        server = BundledPostgres.start(directory, options);
    }

    public static OwnPostgres start() throws IOException {
        return start(BundledServer.Options.defaults());
    }

    public static OwnPostgres start(BundledServer.Options options) throws IOException {
        return new OwnPostgres(Files.createTempDirectory("sluice-own-postgres"), options);
    }

    /** On a disk of the test's choice; the folder goes with the server. */
    public static OwnPostgres startIn(Path folder, BundledServer.Options options) throws IOException {
        return new OwnPostgres(Files.createDirectories(folder), options);
    }

    public String uri() {
        return server.uri();
    }

    public void stop() {
        server.stop();
    }

    public void restart() {
        server.restart();
    }

    /** As a hot standby, which answers and takes no writes until {@code pg_promote()}. */
    public void restartAsStandby() throws IOException {
        stop();
        Files.createFile(folder.resolve("postgres/cluster/standby.signal"));
        restart();
    }

    /** Whether there is a postmaster. */
    public boolean isRunning() {
        try {
            return server.pid() > 0;
        } catch (BundledServerException none) {
            return false;
        }
    }

    /** All that it said. */
    public String log() throws IOException {
        return Files.readString(server.logFile());
    }

    /** SIGKILL of the postmaster; its children notice and leave. */
    public void kill() {
        ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        postmaster.destroyForcibly();
    }

    /** SIGSTOP to every process of it. */
    public void freeze() {
        frozen = true;
        Signals.send("STOP", pids());
    }

    public void thaw() {
        frozen = false;
        Signals.send("CONT", pids());
    }

    private List<Long> pids() {
        ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        if (frozen) {
            thaw();
        }
        server.close();
        directory.close();
        deleteTree(folder);
    }

    /** Links are deleted, not followed. */
    static void deleteTree(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + tree + ", " + e);
        }
    }
}
