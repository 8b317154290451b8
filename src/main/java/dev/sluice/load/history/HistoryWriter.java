package dev.sluice.load.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Writes a history. Lines gather in memory until {@link #write()}, which the generator calls before it lets requests
 * leave: what is in the file then survives the process, though not the machine (it is not synced). One thread; at most
 * 64 KiB gather.
 */
public final class HistoryWriter implements AutoCloseable {

    /** Stands for the fingerprint of what is no valid order, and for the id where an answer has none. */
    public static final String NONE = "-";

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LINE_BYTES_MAX = 512;
    private static final int DIGITS_MAX = 19;

    private final Path path;
    private final FileChannel file;
    private final LongSupplier clockMicros;
    private final ByteBuffer lines = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] digits = new byte[DIGITS_MAX];

    private HistoryWriter(Path path, FileChannel file, LongSupplier clockMicros) {
        this.path = path;
        this.file = file;
        this.clockMicros = clockMicros;
    }

    /**
     * Makes the file; one that is there is evidence and never written over.
     *
     * @param clockMicros microseconds since the epoch
     * @throws java.nio.file.FileAlreadyExistsException where it exists
     */
    public static HistoryWriter create(Path path, LongSupplier clockMicros) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new HistoryWriter(path, file, clockMicros);
    }

    /** As {@link #create(Path, LongSupplier)}, by the system's clock. */
    public static HistoryWriter create(Path path) throws IOException {
        return create(path, () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
    }

    /** An order is about to leave. */
    public void sent(long seq, byte[] clientOrderId, byte[] fingerprint) {
        reserve();
        lines.put((byte) 'S').put((byte) ' ');
        number(seq);
        lines.put((byte) ' ').put(clientOrderId).put((byte) ' ').put(fingerprint);
        time();
    }

    /**
     * The answer to it came.
     *
     * @param status {@code 201}, {@code 503:not_stored}; no blanks
     * @param id of the order, or {@link #NONE}
     */
    public void answered(long seq, String status, String id) {
        reserve();
        lines.put((byte) 'A').put((byte) ' ');
        number(seq);
        lines.put((byte) ' ').put(status.getBytes(StandardCharsets.US_ASCII));
        lines.put((byte) ' ').put(id.getBytes(StandardCharsets.US_ASCII));
        time();
    }

    private void time() {
        lines.put((byte) ' ');
        number(clockMicros.getAsLong());
        lines.put((byte) '\n');
    }

    private void number(long value) {
        int from = DIGITS_MAX;
        long rest = value;
        do {
            digits[--from] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        lines.put(digits, from, DIGITS_MAX - from);
    }

    private void reserve() {
        if (lines.remaining() < LINE_BYTES_MAX) {
            write();
        }
    }

    /** Writes to the file what has gathered; an {@link UncheckedIOException} where that fails. */
    public void write() {
        lines.flip();
        try {
            while (lines.hasRemaining()) {
                file.write(lines);
            }
        } catch (IOException e) {
            lines.compact(); // what is left follows where it stopped
            throw new UncheckedIOException("the history " + path + " cannot be written: " + e.getMessage(), e);
        }
        lines.clear();
    }

    /** Ends a run that failed: the file stays as it is, and goes where nothing was sent, so that the next run has its name. */
    public void abandon() throws IOException {
        boolean empty = file.size() == 0 && lines.position() == 0;
        if (!empty) {
            close();
            return;
        }
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        try {
            write();
        } finally {
            file.close();
        }
    }
}
