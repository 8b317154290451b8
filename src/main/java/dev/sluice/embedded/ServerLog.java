package dev.sluice.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file a server writes its log to: bounded at each start, and read back when a start fails. */
final class ServerLog {

    private static final long KEPT_BYTES_MAX = 10L << 20;
    private static final int TAIL_BYTES_MAX = 4_096;

    private final Path file;
    private long beginAt;

    ServerLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** To be called before a start. */
    void begin() {
        try {
            long bytes = Files.exists(file) ? Files.size(file) : 0;
            if (bytes > KEPT_BYTES_MAX) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                bytes = 0;
            }
            beginAt = bytes;
        } catch (IOException e) {
            throw new BundledServerException("cannot use the log file " + file + " (" + e + ")", e);
        }
    }

    /** What was written since, its last {@value #TAIL_BYTES_MAX} bytes at most. */
    String sinceBegin() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(TAIL_BYTES_MAX);
            channel.read(bytes, Math.max(beginAt, channel.size() - TAIL_BYTES_MAX));
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }
}
