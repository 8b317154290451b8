package dev.sluice.load.http;

import dev.sluice.load.run.AnswerReader;
import dev.sluice.load.run.Line;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.Shipment;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: a connection with at most one request on its way, made anew whenever it ends. Lives on the run's event
 * loop. Sharable as one and the same handler sits in each of its channels, one after the other.
 */
@Sharable
final class LoadConnection extends ChannelInboundHandlerAdapter implements Line {

    private static final Logger LOG = LoggerFactory.getLogger(LoadConnection.class);

    private final LoadRun run;
    private final Connector connector;
    private final HttpRequests requests;
    private final Shipment shipment;
    private final ResponseParser response;
    private @Nullable Channel channel;
    private boolean waiting;
    private boolean timedOut;

    LoadConnection(LoadRun run, Connector connector, HttpRequests requests, boolean readsOrderId) {
        this.run = run;
        this.connector = connector;
        this.requests = requests;
        this.shipment = new Shipment(requests.batch());
        this.response = new ResponseParser(requests.batch() > 1, readsOrderId);
    }

    @Override
    public void open(Consumer<Throwable> onFailure) {
        connector.connect(this, onFailure);
    }

    @Override
    public Shipment shipment() {
        return shipment;
    }

    @Override
    public boolean isWaiting() {
        return waiting;
    }

    @Override
    public boolean isFree() {
        return channel != null && !waiting;
    }

    @Override
    public void giveUp() {
        timedOut = true;
        close();
    }

    @Override
    public int retryAfterSeconds() {
        return response.retryAfterSeconds();
    }

    @Override
    public void tell(AnswerReader reader, AnswerReader.Sink sink) {
        if (requests.batch() == 1) {
            reader.single(response, sink);
        } else {
            reader.results(response, shipment.size(), sink);
        }
    }

    /** Hands bytes to the socket's queue. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a void promise tells the pipeline, which closes the channel
    public void stage() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("a closed connection was taken for a free one");
        }
        response.reset();
        waiting = true;
        timedOut = false;
        open.write(requests.of(shipment), open.voidPromise());
    }

    @Override
    public void flush() {
        if (channel != null) {
            channel.flush();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells the end
    public void close() {
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
            byte[] bytes = connector.scratch(length);
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
        String lost = waiting ? whyLost() : null;
        waiting = false;
        run.closed(this, lost);
    }

    private String whyLost() {
        return timedOut ? "timeout" : "lost";
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection failed", cause);
        close();
    }
}
