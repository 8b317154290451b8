package dev.sluice.bus.json;

import dev.sluice.listener.LingeringClose;
import dev.sluice.listener.Outbound;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is written to one client of the bridge, and whether the client takes it. On its event loop. */
final class BridgeOutput {

    private static final Logger LOG = LoggerFactory.getLogger(BridgeOutput.class);

    /** Written at once: of a large frame only a few leave the heap before the client takes them. */
    private static final int PIECE_BYTES = 16 * 1024;

    private static final int FAILED = 500;
    private static final String RECIPIENT_FAILURE = "RECIPIENT_FAILURE";

    private final NetSocket socket;
    private final ChannelPipeline pipeline;
    private final Outbound outbound;

    /** For a connection that has just begun. From now on it ends so that its last answer arrives. */
    BridgeOutput(NetSocket socket) {
        this.socket = socket;
        this.pipeline = ((NetSocketInternal) socket).channelHandlerContext().pipeline();
        this.outbound = new Outbound(pipeline.channel(), System.nanoTime());
        LingeringClose.of(pipeline);
    }

    void pong() {
        write(BridgeFrame.pong(), () -> {});
    }

    /** What became of a request. */
    void answer(@Nullable String replyAddress, JsonOrders.Answer answer) {
        if (replyAddress == null) {
            answer.taken().run();
            return;
        }
        JsonObject headers = new JsonObject();
        if (answer.retryAfterSeconds() > 0) {
            headers.put(SubmitVerticle.RETRY_AFTER, Integer.toString(answer.retryAfterSeconds()));
        }
        write(BridgeFrame.message(replyAddress, headers, answer.json()), answer.taken());
    }

    /** Why nothing of a request was stored. */
    void failed(@Nullable String replyAddress, Throwable error) {
        if (error instanceof SubmitRefusedException refused) {
            String why = String.valueOf(refused.getMessage());
            refuse(replyAddress, refused.status(), why, refused.retryAfterSeconds());
        } else {
            LOG.error("a message of the bridge failed", error);
            refuse(replyAddress, FAILED, "Sluice failed; its log says why", 0);
        }
    }

    /** @param retryAfterSeconds when to send it again; 0 where that would not help */
    void refuse(@Nullable String replyAddress, int code, String why, int retryAfterSeconds) {
        write(BridgeFrame.error(replyAddress, code, RECIPIENT_FAILURE, why, retryAfterSeconds), () -> {});
    }

    /** Commits of its account. */
    void published(Buffer batch) {
        write(BridgeFrame.message(CommittedOrders.ADDRESS, new JsonObject(), batch), () -> {});
    }

    /** @param taken runs when the client has the frame, or never will */
    private void write(Buffer frame, Runnable taken) {
        Future<Void> written = Future.succeededFuture();
        for (int at = 0; at < frame.length(); at += PIECE_BYTES) {
            written = socket.write(frame.slice(at, Math.min(frame.length(), at + PIECE_BYTES)));
        }
        written.onComplete(done -> taken.run()).onFailure(error -> LOG.debug("a bridge client left", error));
    }

    /** Whether the client has yet to take as much as is written ahead of it. */
    boolean isFull() {
        return socket.writeQueueFull();
    }

    /** Whether the client has yet to take anything. */
    boolean isPending() {
        return outbound.isPending();
    }

    /** Whether the client has taken nothing of what was written for that long; to be called often. */
    boolean takesNothing(long forNanos, long nowNanos) {
        outbound.look(nowNanos);
        return outbound.pendingBytes() > 0 && nowNanos - outbound.stalledSinceNanos() > forNanos;
    }

    /** Ends the connection with what was written. */
    void end() {
        socket.close().onFailure(error -> LOG.debug("a bridge client left", error));
    }

    /** Ends the connection at once; what the client has not taken is dropped. */
    void cut() {
        LingeringClose.cut(pipeline);
    }

    /** Ends the connection of a client that waits for nothing. */
    void giveWay() {
        LingeringClose.atOnce(pipeline);
    }
}
