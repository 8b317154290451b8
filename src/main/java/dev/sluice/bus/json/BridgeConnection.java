package dev.sluice.bus.json;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.config.BridgeConfig;
import dev.sluice.config.SluiceConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the bridge. It may send to {@code orders.submit} and register for {@code orders.committed}, both as the
 * bridge's own account, and nothing else. Bounds: bytes of a frame, of which large ones come out of the node's budget,
 * requests without an answer, bytes that the client has not read: at the last two nothing more is read. What was published is dropped for a client that does not read. Owned by
 * one event loop.
 */
final class BridgeConnection {

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
    private static final int FAILED = 500;
    private static final String RECIPIENT_FAILURE = "RECIPIENT_FAILURE";

    private final NetSocket socket;
    private final BridgeConfig config;
    private final JsonOrders orders;
    private final Runnable onRegister;
    private final RecordParser frames;
    private final Vertx vertx;
    private final MemoryBudget.Claim large;
    private final long wholeMs;
    private long lateTimer = NO_TIMER;
    private boolean awaitsLength = true;
    private boolean paused;
    private boolean registered;
    private boolean closing;
    private int open;

    /**
     * On a socket.
     *
     * @param memory where large frames are reserved
     * @param onRegister runs when the client registers, or takes that back
     */
    BridgeConnection(
            Vertx vertx,
            NetSocket socket,
            SluiceConfig config,
            MemoryBudget memory,
            JsonOrders orders,
            Runnable onRegister) {
        this.vertx = vertx;
        this.large = memory.claim(Part.BULK);
        this.wholeMs = config.http().deadlineMs();
        this.socket = socket;
        this.config = config.bridge();
        this.orders = orders;
        this.onRegister = onRegister;
        this.frames = RecordParser.newFixed(BridgeFrame.LENGTH_BYTES, socket);
    }

    void begin() {
        frames.exceptionHandler(error -> LOG.debug("a bridge connection failed", error));
        socket.drainHandler(drained -> resume());
        frames.handler(this::next);
    }

    private void next(Buffer bytes) {
        if (closing) {
            return;
        }
        if (!awaitsLength) {
            awaitsLength = true;
            frames.fixedSizeMode(BridgeFrame.LENGTH_BYTES);
            read(bytes.getBytes());
            frameEnded();
            return;
        }
        int length = bytes.getInt(0);
        if (length < 1 || length > config.frameBytesMax()) {
            refuse(null, BAD_REQUEST, "a frame has 1 to " + config.frameBytesMax() + " bytes (bridge.frameBytesMax)");
            close();
            return;
        }
        if (length > SMALL_FRAME_BYTES && !large.take(length)) {
            refuse(null, UNAVAILABLE, "not_stored: too many large frames are coming in on this node");
            close();
            return;
        }
        if (length > SMALL_FRAME_BYTES) {
            lateTimer = vertx.setTimer(wholeMs, id -> late());
        }
        awaitsLength = false;
        frames.fixedSizeMode(length);
    }

    private void late() {
        refuse(null, REQUEST_TIMEOUT, "a frame must be whole within " + wholeMs + " ms (http.deadlineMs)");
        close();
    }

    /** The client has left; what is parsed of its last bytes afterwards is not taken. */
    void gone() {
        closing = true;
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
            refuse(null, BAD_REQUEST, "not a frame of the bridge: a JSON object with type, address and body");
            close();
        }
    }

    private void take(BridgeFrame frame) {
        switch (frame.type()) {
            case "ping" -> write(BridgeFrame.pong());
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
        pauseAtBound();
        orders.submit(body, config.account()).onComplete(done -> {
            open--;
            if (done.succeeded()) {
                answer(frame.replyAddress(), done.result());
            } else {
                failed(frame.replyAddress(), done.cause());
            }
            resume();
        });
    }

    private void answer(@Nullable String replyAddress, JsonOrders.Answer answer) {
        if (replyAddress == null) {
            return;
        }
        JsonObject headers = new JsonObject();
        if (answer.retryAfterSeconds() > 0) {
            headers.put(SubmitVerticle.RETRY_AFTER, Integer.toString(answer.retryAfterSeconds()));
        }
        write(BridgeFrame.message(replyAddress, headers, answer.json()));
    }

    private void failed(@Nullable String replyAddress, Throwable error) {
        if (error instanceof SubmitRefusedException refused) {
            String why = String.valueOf(refused.getMessage());
            refuse(replyAddress, refused.status(), why, refused.retryAfterSeconds());
        } else {
            LOG.error("a message of the bridge failed", error);
            refuse(replyAddress, FAILED, "Sluice failed; its log says why");
        }
    }

    private void register(BridgeFrame frame, boolean wanted) {
        if (frame.address().equals(CommittedOrders.ADDRESS)) {
            registered = wanted;
            onRegister.run();
        } else {
            refuse(frame.replyAddress(), REFUSED, "access_denied: only " + CommittedOrders.ADDRESS + " is published");
        }
    }

    boolean isRegistered() {
        return registered;
    }

    /** Brings what was published, unless the client did not register or does not read. */
    void published(String account, Buffer body) {
        if (registered && !closing && account.equals(config.account()) && !socket.writeQueueFull()) {
            write(BridgeFrame.message(CommittedOrders.ADDRESS, new JsonObject(), body));
        }
    }

    private void refuse(@Nullable String replyAddress, int code, String why) {
        refuse(replyAddress, code, why, 0);
    }

    private void refuse(@Nullable String replyAddress, int code, String why, int retryAfterSeconds) {
        write(BridgeFrame.error(replyAddress, code, RECIPIENT_FAILURE, why, retryAfterSeconds));
    }

    private void write(Buffer frame) {
        socket.write(frame).onFailure(error -> LOG.debug("a bridge client left", error));
        pauseAtBound();
    }

    private void pauseAtBound() {
        if (!paused && isAtBound()) {
            paused = true;
            frames.pause();
        }
    }

    private void resume() {
        if (paused && !isAtBound()) {
            paused = false;
            frames.resume();
        }
    }

    private boolean isAtBound() {
        return open >= OPEN_MAX || socket.writeQueueFull();
    }

    /** Takes no more messages; those that came are answered. */
    void leave() {
        closing = true;
    }

    /** Takes no more and ends with the answers that were written. */
    private void close() {
        closing = true;
        socket.close().onFailure(error -> LOG.debug("a bridge client left", error));
    }
}
