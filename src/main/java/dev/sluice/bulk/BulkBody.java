package dev.sluice.bulk;

import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.Parsed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of one bulk request: held once, in pieces of equal size, and split into orders while it arrives. An order
 * is parsed where it lies; only one that lies across pieces is copied, itself alone. Owned by one event loop.
 */
public final class BulkBody {

    /** Copies bytes {@code [from, to)} of what came to a place of an array. */
    @FunctionalInterface
    public interface Chunk {
        Object copy(int from, int to, byte[] into, int at);
    }

    /** Bytes of one body. */
    public static final int BYTES_MAX = 8 << 20;

    /** Small enough for a body of a few orders, large enough that few orders lie across two. */
    public static final int PIECE_BYTES = 16 * 1024;

    private final BulkLines lines;
    private final BulkSplitter splitter;
    private final List<byte[]> pieces = new ArrayList<>();
    private int length;

    /**
     * A body that is empty so far.
     *
     * @param ndjson one order a line, rather than an array
     */
    public BulkBody(boolean ndjson, int ordersMax) {
        this.lines = new BulkLines(ordersMax);
        this.splitter = ndjson ? new NdjsonSplitter(lines) : new ArraySplitter(lines);
    }

    /** Takes the next bytes; says what makes the body no list of orders, or null while it may be one. */
    public @Nullable String append(int bytes, Chunk chunk) {
        String problem = null;
        int done = 0;
        while (done < bytes && problem == null) {
            int at = length % PIECE_BYTES;
            byte[] piece = at == 0 ? newPiece() : pieces.get(pieces.size() - 1);
            int count = Math.min(PIECE_BYTES - at, bytes - done);
            chunk.copy(done, done + count, piece, at);
            problem = splitter.feed(piece, at, at + count);
            done += count;
            length += count;
        }
        return problem;
    }

    private byte[] newPiece() {
        byte[] piece = new byte[PIECE_BYTES];
        pieces.add(piece);
        return piece;
    }

    /** The body is whole; says what makes it no list of orders, or null. */
    public @Nullable String end() {
        return splitter.end();
    }

    /** Bytes so far. */
    public int length() {
        return length;
    }

    /** Memory that these bytes and so many more take, beyond what is there. */
    public int growth(int more) {
        int needed = (length + more + PIECE_BYTES - 1) / PIECE_BYTES;
        return (needed - pieces.size()) * PIECE_BYTES;
    }

    public BulkLines lines() {
        return lines;
    }

    /** The order of that line. */
    public Parsed parse(OrderParser parser, int index, Submission submission) {
        int from = lines.from(index);
        int bytes = lines.length(index);
        int at = from % PIECE_BYTES;
        if (at + bytes <= PIECE_BYTES) {
            return parser.parse(pieces.get(from / PIECE_BYTES), at, bytes, submission);
        }
        return parser.parse(copy(from, bytes), 0, bytes, submission);
    }

    private byte[] copy(int from, int bytes) {
        byte[] order = new byte[bytes];
        int done = 0;
        while (done < bytes) {
            int at = (from + done) % PIECE_BYTES;
            int count = Math.min(PIECE_BYTES - at, bytes - done);
            System.arraycopy(pieces.get((from + done) / PIECE_BYTES), at, order, done, count);
            done += count;
        }
        return order;
    }

    /** Lets go of the bytes. */
    public void clear() {
        pieces.clear();
    }
}
