package dev.sluice.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis's server program, unpacked from the class path once per data directory and version; whole or not at all. */
final class RedisBinary {

    /** What is in the embedded-redis jar; a test asks the running server. */
    static final String VERSION = "7.0.15";

    /** The file's name, by which its processes are recognised. */
    static final String PROGRAM = "redis-server";

    private static final Logger LOG = LoggerFactory.getLogger(RedisBinary.class);

    private RedisBinary() {}

    static Path folder(Path home) {
        return home.resolve("binaries-" + VERSION);
    }

    /** The program's path; blocks for a few hundredths of a second where it is not there yet. */
    static Path unpackOnce(Path home) {
        Path folder = folder(home);
        try {
            KeptFiles.makeOnce(folder, partial -> {
                LOG.info("unpacking Redis {} into {}", VERSION, folder);
                unpack(Files.createDirectories(partial).resolve(PROGRAM));
            });
            return folder.resolve(PROGRAM);
        } catch (IOException e) {
            throw new BundledServerException(
                    "cannot unpack Redis into " + folder + " (" + e + "): it takes 6 MB there and has to be writable",
                    e);
        }
    }

    private static void unpack(Path program) throws IOException {
        String name = resourceName();
        try (InputStream resource = RedisBinary.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IOException(name + " is not on the class path");
            }
            Files.copy(resource, program);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String resourceName() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (system.equals("linux") && processor.equals("amd64")) {
            return "/redis-server-" + VERSION + "-linux-amd64";
        }
        if (system.equals("linux") && processor.equals("aarch64")) {
            return "/redis-server-" + VERSION + "-linux-arm64";
        }
        throw new BundledServerException("no Redis is bundled for " + system + " on " + processor
                + ", only for Linux on amd64 and aarch64: give external servers with `sluice serve` +"
                + " SLUICE_POSTGRES_URI + SLUICE_REDIS_URI, or do without with --set overflow.enabled=false");
    }
}
