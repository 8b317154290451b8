package dev.sluice.http;

import dev.sluice.order.BulkLines;
import dev.sluice.order.BulkSplitter;
import dev.sluice.order.OrderParser;
import dev.sluice.order.Parsed;
import dev.sluice.order.Submission;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of one bulk request: held once, in pieces of equal size, and split into orders while it arrives. An order
 * is parsed where it lies; only one that lies across pieces is copied, itself alone. Owned by one event loop.
 */
final class BulkBody {

    /** Small enough for a body of a few orders, large enough that few orders lie across two. */
    static final int PIECE_BYTES = 16 * 1024;

    private final BulkLines lines;
    private final BulkSplitter splitter;
    private final List<byte[]> pieces = new ArrayList<>();
    private int length;

    BulkBody(BulkLines lines, BulkSplitter splitter) {
        this.lines = lines;
        this.splitter = splitter;
    }

    /** Takes the next bytes; says what makes the body no list of orders, or null while it may be one. */
    @Nullable
    String append(Buffer chunk) {
        String problem = null;
        int done = 0;
        while (done < chunk.length() && problem == null) {
            int at = length % PIECE_BYTES;
            byte[] piece = at == 0 ? newPiece() : pieces.get(pieces.size() - 1);
            int count = Math.min(PIECE_BYTES - at, chunk.length() - done);
            chunk.getBytes(done, done + count, piece, at);
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
    @Nullable
    String end() {
        return splitter.end();
    }

    /** Bytes so far. */
    int length() {
        return length;
    }

    /** Memory that these bytes and so many more take, beyond what is there. */
    int growth(int more) {
        int needed = (length + more + PIECE_BYTES - 1) / PIECE_BYTES;
        return (needed - pieces.size()) * PIECE_BYTES;
    }

    BulkLines lines() {
        return lines;
    }

    Parsed parse(OrderParser parser, int index, Submission submission) {
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
    void clear() {
        pieces.clear();
    }
}
