package dev.sluice.listener;

import dev.sluice.budget.MemoryBudget.Claim;
import dev.sluice.listener.request.ClientRequest;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of one request up to a limit, and within the node's budget. A body that came in one piece is not
 * copied. At most one of the abstract methods is called, once; after a refusal the rest of the body is dropped as it
 * comes. On the connection's event loop.
 */
public abstract class BodyReader implements Handler<Buffer>, Runnable {

    private static final Buffer EMPTY = Buffer.buffer(0);

    /** What a request takes however short its body is: its own objects, its order, its answer. */
    static final int REQUEST_BYTES = 2 * 1024;

    /** A body is held once while it comes in, then as an order, then as an answer; each may be there beside the one before. */
    static final int COPIES = 3;

    private final int bytesMax;
    private final Claim claim;
    private @Nullable ClientRequest request;
    private @Nullable Buffer body;
    private int received;
    private boolean owned;
    private boolean over;

    /** The claim is the request's, which gives it back at its end. */
    protected BodyReader(int bytesMax, Claim claim) {
        this.bytesMax = bytesMax;
        this.claim = claim;
    }

    /** The memory of the largest request with such a body, its answer included. */
    public static long memoryBytes(int bodyBytes) {
        return REQUEST_BYTES + (long) COPIES * bodyBytes;
    }

    /** The whole body; what it takes is reserved. */
    protected abstract void whole(Buffer body);

    /** The limit is passed. */
    protected abstract void tooLarge();

    /** Makes another request give way; false where there is none. */
    protected boolean makeRoom() {
        return false;
    }

    /** The budget has no room for it. */
    protected abstract void noRoom();

    /** The body is no well-formed HTTP/1.1. */
    protected abstract void malformed();

    /** Must run in the turn in which the request's head came. */
    public final void read(ClientRequest from) {
        request = from;
        from.read(this, this::end, this::failed);
    }

    @Override
    public final void handle(Buffer chunk) {
        if (over) {
            return;
        }
        received += chunk.length();
        if (received > bytesMax) {
            run();
            tooLarge();
        } else if (body == null && isAll(chunk)) {
            claim.becomeLone();
            keepIfRoom(chunk, memoryBytes(chunk.length()));
        } else {
            keepIfRoom(chunk, (body == null ? REQUEST_BYTES : 0) + (long) COPIES * chunk.length());
        }
    }

    /** A body that comes in one piece waits for nothing, so it does not count as one that is coming in. */
    private boolean isAll(Buffer chunk) {
        if (request != null && request.isEnded()) {
            return true;
        }
        String length = request == null ? null : request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.equals(Integer.toString(chunk.length()));
    }

    private void keepIfRoom(Buffer chunk, long bytes) {
        if (reserve(bytes)) {
            keep(chunk);
        } else {
            run();
            noRoom();
        }
    }

    private boolean reserve(long bytes) {
        boolean reserved = claim.take(bytes);
        while (!reserved && makeRoom()) {
            reserved = claim.take(bytes);
        }
        return reserved;
    }

    private void keep(Buffer chunk) {
        if (body == null) {
            body = chunk;
        } else {
            body = (owned ? body : body.copy()).appendBuffer(chunk);
            owned = true;
        }
    }

    private void end() {
        if (!over) {
            Buffer whole = body == null ? EMPTY : body;
            run();
            claim.becomeLone();
            whole(whole);
        }
    }

    /** A client that is gone hears nothing; one that sent nonsense is told. */
    private void failed(Throwable error) {
        if (!over && !(error instanceof HttpClosedException)) {
            run();
            malformed();
        }
    }

    /** Bytes that came before it was over. */
    public final int received() {
        return received;
    }

    /** Whether it waits for the rest of a body that has begun. */
    public final boolean isWaiting() {
        return !over && body != null;
    }

    /** Lets go of the body: it is whole or refused, or its request ended without it. Later calls do nothing. */
    @Override
    public final void run() {
        over = true;
        body = null;
    }
}
