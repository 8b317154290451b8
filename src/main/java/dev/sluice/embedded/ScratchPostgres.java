package dev.sluice.embedded;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A bundled PostgreSQL with the settings of {@code dev}, in a folder that goes with it: on the disk of the data directory,
 * beside what is kept there. What a killed run left behind is taken over and deleted at the end. Every method blocks.
 */
public final class ScratchPostgres implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private final DataDirectory directory;
    private final BundledPostgres server;

    private ScratchPostgres(DataDirectory directory, BundledPostgres server) {
        this.directory = directory;
        this.server = server;
    }

    /**
     * Starts it; five seconds, most of them to unpack the programs and to make a cluster.
     *
     * @throws BundledServerException naming what mends it, for instance where another run has the folder
     */
    public static ScratchPostgres start(Path folder) {
        DataDirectory directory = DataDirectory.open(folder);
        try {
            return new ScratchPostgres(directory, BundledPostgres.start(directory, BundledServer.Options.defaults()));
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Where it is, password included. */
    public String uri() {
        return server.uri();
    }

    /** Stops it and deletes the folder. */
    @Override
    public void close() {
        try {
            server.stop(STOP_LIMIT);
            KeptFiles.deleteTree(directory.path());
        } catch (IOException e) {
            throw new BundledServerException(
                    "cannot delete " + directory.path() + ": " + FileProblem.of(e) + "; nothing in it is needed", e);
        } finally {
            directory.close();
        }
    }
}
