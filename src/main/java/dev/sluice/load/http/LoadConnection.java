package dev.sluice.load.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: a connection with at most one request on its way, made anew whenever it ends. Lives on the run's event
 * loop. Sharable as one and the same handler sits in each of its channels, one after the other.
 */
@Sharable
final class LoadConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(LoadConnection.class);

    private final LoadRun run;
    private final Shipment shipment;
    private final ResponseParser response;
    private @Nullable Channel channel;
    private boolean waiting;
    private boolean timedOut;

    LoadConnection(LoadRun run, int batch, boolean readsOrderId) {
        this.run = run;
        this.shipment = new Shipment(batch);
        this.response = new ResponseParser(batch > 1, readsOrderId);
    }

    /** The request on its way, or the last one. */
    Shipment shipment() {
        return shipment;
    }

    /** The response just read. */
    ResponseParser response() {
        return response;
    }

    /** Whether a request has no answer yet. */
    boolean isWaiting() {
        return waiting;
    }

    /** Whether it can take a request. */
    boolean isFree() {
        return channel != null && !waiting;
    }

    /** Waits no longer where its request has been without an answer for so long. */
    void giveUpWhenLate(long nowNanos, long timeoutNanos) {
        if (waiting && nowNanos - shipment.sentNanos > timeoutNanos) {
            timedOut = true;
            close();
        }
    }

    boolean isTimedOut() {
        return timedOut;
    }

    /** Hands bytes to the socket's queue; they leave with {@link #flush()}. */
    @SuppressWarnings("FutureReturnValueIgnored") // a void promise tells the pipeline, which closes the channel
    void send(ByteBuf request) {
        Channel open = channel;
        if (open == null) {
            request.release();
            throw new IllegalStateException("a closed connection was taken for a free one");
        }
        response.reset();
        waiting = true;
        timedOut = false;
        open.write(request, open.voidPromise());
    }

    void flush() {
        if (channel != null) {
            channel.flush();
        }
    }

    /** Ends it; what is on its way is then lost. */
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells the end
    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        run.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            int length = in.readableBytes();
            byte[] bytes = run.connector.scratch(length);
            in.readBytes(bytes, 0, length);
            read(bytes, length);
        } catch (ResponseParser.ProtocolException e) {
            LOG.debug("not a response", e);
            close();
        } finally {
            in.release();
        }
    }

    private void read(byte[] bytes, int length) throws ResponseParser.ProtocolException {
        if (!waiting) {
            throw new ResponseParser.ProtocolException("bytes without a request");
        }
        int end = response.parse(bytes, 0, length);
        if (!response.isDone()) {
            return;
        }
        waiting = false;
        run.answered(this);
        if (end < length || response.closes()) {
            close();
        } else {
            run.free(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        channel = null;
        boolean lost = waiting;
        waiting = false;
        run.closed(this, lost);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection failed", cause);
        close();
    }
}
