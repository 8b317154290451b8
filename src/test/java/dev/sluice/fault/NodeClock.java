package dev.sluice.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.rig.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A clock of the day that jumps, for a process that was started with {@link #environment()}: a library of a few lines
 * ({@code clock.c}) between it and the system. Built here; where nothing builds it, the test is skipped.
 */
final class NodeClock implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final Path folder = Files.createTempDirectory("sluice-clock");
    private final Path library = folder.resolve("clock.so");
    private final Path shift = folder.resolve("shift");

    private NodeClock() throws IOException {
        shiftHours(0);
    }

    static NodeClock create() throws Exception {
        NodeClock clock = new NodeClock();
        boolean built = clock.build();
        if (!built) {
            clock.close();
        }
        assumeTrue(built, "needs a C compiler (cc) and Linux's headers to build a clock that jumps");
        return clock;
    }

    private boolean build() throws Exception {
        Path source = folder.resolve("clock.c");
        try (InputStream text = NodeClock.class.getResourceAsStream("/fault/clock.c")) {
            Files.copy(text, source);
        }
        try {
            Process process = new ProcessBuilder(
                            "cc", "-O", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cc.log").toFile())
                    .start();
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noCompiler) {
            return false;
        }
    }

    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "CLOCK_SHIFT", shift.toString());
    }

    /** At once, against the true time. */
    void shiftHours(int hours) throws IOException {
        ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        seconds.putLong(TimeUnit.HOURS.toSeconds(hours)).flip();
        try (FileChannel file = FileChannel.open(shift, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(seconds, 0);
        }
    }

    @Override
    public void close() {
        Folders.deleteTree(folder);
    }
}
