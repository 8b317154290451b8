package dev.sluice.embedded;

import dev.sluice.config.value.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's own data folder: made once, with the database in it, under a partial name until it is whole.
 *
 * <p>UTF-8, the built-in C.UTF-8 locale: text sorts by code point, the same on every machine.
 */
final class PostgresCluster {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(1);
    private static final long BYTES_AT_FIRST = 64L << 20;
    private static final String SETTINGS_FILE = "sluice.conf";

    private PostgresCluster() {}

    /** Where the cluster is or will be. */
    static Path folder(Path home) {
        return home.resolve("cluster");
    }

    /** Blocks for about a second where there is none yet. */
    static void createOnce(Path home, String password, Path programs, ExternalCommand commands) {
        Path folder = folder(home);
        try {
            KeptFiles.makeOnce(folder, partial -> {
                requireRoom(home);
                LOG.info("creating the PostgreSQL data folder {}", folder);
                initialise(partial, password, programs, commands);
            });
            requireReadable(folder);
            Files.writeString(folder.resolve(SETTINGS_FILE), PostgresSettings.TUNING);
            PostgresRole.demoteOnce(folder, password, programs, commands);
        } catch (IOException e) {
            throw new BundledServerException(
                    "cannot make PostgreSQL's data folder " + folder + ": " + FileProblem.of(e)
                            + ": make room there or make it writable, or choose another folder with --data-dir",
                    e);
        }
    }

    /** What initdb says of a full disk is a page long. */
    private static void requireRoom(Path home) throws IOException {
        long free = Files.getFileStore(home).getUsableSpace();
        if (free < BYTES_AT_FIRST) {
            throw new BundledServerException("PostgreSQL's data take " + (BYTES_AT_FIRST >> 20) + " MB at first, and "
                    + (free >> 20) + " MB are free at " + home
                    + ": make room there, or choose another folder with --data-dir");
        }
    }

    private static void initialise(Path partial, String password, Path programs, ExternalCommand commands)
            throws IOException {
        Path passwordFile = partial.resolveSibling("password.partial");
        KeptFiles.writeSecret(passwordFile, password + "\n");
        try {
            commands.run(
                    "creating the PostgreSQL data folder", initdb(programs, partial, passwordFile), "", CREATE_LIMIT);
        } finally {
            Files.delete(passwordFile);
        }
        PostgresRole.create(partial, password, programs, commands);
        appendInclude(partial.resolve("postgresql.conf"));
    }

    private static List<String> initdb(Path programs, Path folder, Path passwordFile) {
        return List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + folder,
                "--username=" + PostgresRole.SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions");
    }

    private static void appendInclude(Path configuration) throws IOException {
        Files.writeString(
                configuration,
                Files.readString(configuration) + "\n# Sluice's settings; what comes after this line outranks them.\n"
                        + "include = '" + SETTINGS_FILE + "'\n");
    }

    private static void requireReadable(Path folder) throws IOException {
        String major = Files.readString(folder.resolve("PG_VERSION")).strip();
        if (!major.equals(Binaries.POSTGRES_MAJOR)) {
            throw new BundledServerException(folder + " was made by PostgreSQL " + major + ", bundled is "
                    + Binaries.POSTGRES_VERSION + ": use the Sluice release that made it, or choose another folder with"
                    + " --data-dir");
        }
    }
}
