package dev.sluice.bus.json;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.config.BridgeConfig;
import dev.sluice.config.SluiceConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the bridge. It may send to {@code orders.submit} and register for {@code orders.committed}, both as the
 * bridge's own account, and nothing else. Bounds: bytes of a frame, of which large ones come out of the node's budget,
 * requests without an answer, bytes that the client has not read: at the last two nothing more is read. Answers to many
 * orders stay in the node's budget until they are taken. What was published is dropped for a client that does not read, and
 * one that takes nothing for {@code http.deadlineMs} is cut. Owned by one event loop.
 */
final class BridgeConnection {

    /** What the bridge hears of its connections. */
    interface Owner {
        /** The client registers, or takes that back. */
        void registers();

        /** The client has sent something. */
        void sends(BridgeConnection connection);
    }

    private static final Logger LOG = LoggerFactory.getLogger(BridgeConnection.class);

    /** Requests of one connection without an answer. */
    static final int OPEN_MAX = 256;

    /** Beyond it a frame is reserved in the node's budget before it is read, and has to be whole in time. */
    static final int SMALL_FRAME_BYTES = 64 * 1024;

    private static final long NO_TIMER = -1;
    private static final int UNAVAILABLE = 503;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int REFUSED = 403;
    private static final int BAD_REQUEST = 400;

    private final NetSocket socket;
    private final BridgeOutput output;
    private final BridgeConfig config;
    private final JsonOrders orders;
    private final Owner owner;
    private final RecordParser frames;
    private final Vertx vertx;
    private final MemoryBudget.Claim large;
    private final long wholeMs;
    private long lateTimer = NO_TIMER;
    private boolean awaitsLength = true;
    private int awaitedBytes = BridgeFrame.LENGTH_BYTES;
    private boolean paused;
    private boolean registered;
    private boolean closing;
    private int open;

    /**
     * On a socket.
     *
     * @param memory where large frames are reserved
     */
    BridgeConnection(
            Vertx vertx, NetSocket socket, SluiceConfig config, MemoryBudget memory, JsonOrders orders, Owner owner) {
        this.vertx = vertx;
        this.large = memory.claim(Part.BULK);
        this.wholeMs = config.http().deadlineMs();
        this.socket = socket;
        this.output = new BridgeOutput(socket);
        this.config = config.bridge();
        this.orders = orders;
        this.owner = owner;
        this.frames = RecordParser.newFixed(BridgeFrame.LENGTH_BYTES, socket);
    }

    void begin() {
        frames.exceptionHandler(error -> LOG.debug("a bridge connection failed", error));
        socket.drainHandler(drained -> pace());
        frames.handler(this::next);
    }

    private void next(Buffer bytes) {
        boolean cut = bytes.length() < awaitedBytes; // the client has left in the middle
        if (closing || cut) {
            return;
        }
        owner.sends(this);
        if (awaitsLength) {
            begun(bytes.getInt(0));
        } else {
            awaits(true, BridgeFrame.LENGTH_BYTES);
            read(bytes.getBytes());
            frameEnded();
        }
        pace();
    }

    private void begun(int length) {
        if (length < 1 || length > config.frameBytesMax()) {
            end(BAD_REQUEST, "a frame has 1 to " + config.frameBytesMax() + " bytes (bridge.frameBytesMax)", 0);
        } else if (length > SMALL_FRAME_BYTES && !large.take(length)) {
            end(UNAVAILABLE, "not_stored: too many large frames are coming in on this node", 1);
        } else {
            lateTimer = length > SMALL_FRAME_BYTES ? vertx.setTimer(wholeMs, id -> late()) : NO_TIMER;
            awaits(false, length);
        }
    }

    private void awaits(boolean length, int bytes) {
        awaitsLength = length;
        awaitedBytes = bytes;
        frames.fixedSizeMode(bytes);
    }

    private void late() {
        end(REQUEST_TIMEOUT, "a frame must be whole within " + wholeMs + " ms (http.deadlineMs)", 0);
    }

    /** The client has left. */
    void gone() {
        drop();
    }

    /** Takes no more. What comes all the same is read, so that none of it stays in memory. */
    private void drop() {
        closing = true;
        frames.handler(null);
        socket.exceptionHandler(error -> LOG.debug("a bridge connection failed", error));
        frames.resume();
        frameEnded();
    }

    private void frameEnded() {
        vertx.cancelTimer(lateTimer);
        large.release();
    }

    private void read(byte[] json) {
        try {
            take(BridgeFrame.read(json));
        } catch (IOException error) {
            LOG.debug("a bridge client sent no frame", error);
            end(BAD_REQUEST, "not a frame of the bridge: a JSON object with type, address and body", 0);
        }
    }

    private void take(BridgeFrame frame) {
        switch (frame.type()) {
            case "ping" -> output.pong();
            case "send" -> send(frame);
            case "register" -> register(frame, true);
            case "unregister" -> register(frame, false);
            case "publish" -> refuse(frame.replyAddress(), REFUSED, "access_denied: orders are sent, not published");
            default -> refuse(frame.replyAddress(), BAD_REQUEST, "unknown_type: " + frame.type());
        }
    }

    private void send(BridgeFrame frame) {
        if (!frame.address().equals(SubmitVerticle.ADDRESS)) {
            refuse(frame.replyAddress(), REFUSED, "access_denied: only " + SubmitVerticle.ADDRESS + " takes messages");
            return;
        }
        Buffer body = frame.body();
        if (body == null) {
            refuse(frame.replyAddress(), BAD_REQUEST, "the body must be a JSON object or array");
            return;
        }
        open++;
        orders.submit(body, config.account()).onComplete(done -> {
            open--;
            if (done.succeeded()) {
                output.answer(frame.replyAddress(), done.result());
            } else {
                output.failed(frame.replyAddress(), done.cause());
            }
            pace();
            endWhenAnswered();
        });
    }

    private void register(BridgeFrame frame, boolean wanted) {
        if (frame.address().equals(CommittedOrders.ADDRESS)) {
            registered = wanted;
            owner.registers();
        } else {
            refuse(frame.replyAddress(), REFUSED, "access_denied: only " + CommittedOrders.ADDRESS + " is published");
        }
    }

    boolean isRegistered() {
        return registered;
    }

    /** Whether the client waits for no answer and has taken all, and no large frame of it is coming in. */
    boolean isIdle() {
        return open == 0 && !closing && large.bytes() == 0 && !output.isPending();
    }

    /** Ends it, so that another client has its place. */
    void giveWay() {
        drop();
        output.giveWay();
    }

    /** Brings what was published, unless the client did not register or does not read. */
    void published(Buffer body) {
        if (registered && !closing && !output.isFull()) {
            output.published(body);
            pace();
        }
    }

    private void refuse(@Nullable String replyAddress, int code, String why) {
        output.refuse(replyAddress, code, why, 0);
    }

    /** Cuts a client that has taken nothing of its answers for {@code http.deadlineMs}; whether it did. To be called often. */
    boolean cutWhereNothingIsTaken(long nowNanos) {
        boolean cut = output.takesNothing(TimeUnit.MILLISECONDS.toNanos(wholeMs), nowNanos);
        if (cut) {
            output.cut();
        }
        return cut;
    }

    /** Reads on while it may. */
    private void pace() {
        boolean full = isAtBound();
        if (closing) {
            return;
        }
        if (full && !paused) {
            paused = true;
            frames.pause();
        } else if (!full && paused) {
            paused = false;
            frames.resume();
        }
    }

    private boolean isAtBound() {
        return open >= OPEN_MAX || output.isFull();
    }

    /** Takes no more messages; ends when those that came are answered. */
    void leave() {
        drop();
        endWhenAnswered();
    }

    private void end(int code, String why, int retryAfterSeconds) {
        output.refuse(null, code, why, retryAfterSeconds);
        leave();
    }

    private void endWhenAnswered() {
        if (closing && open == 0) {
            output.end();
        }
    }
}
