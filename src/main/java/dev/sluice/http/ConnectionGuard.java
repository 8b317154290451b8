package dev.sluice.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each accepted connection gets beyond Vert.x's own set-up, for which Vert.x has no options: it ends without a
 * reset, a client may end its side and still read its answer, requests are decoded strictly, and one turn of the loop
 * reads at most {@value #READS_PER_TURN_MAX} times {@value #READ_BYTES_MAX} bytes of it. That bounds what a connection
 * can queue: Vert.x stops reading while requests wait behind one that is not answered.
 */
final class ConnectionGuard {

    static final int READ_BYTES_MAX = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
    private static final int READS_PER_TURN_MAX = 4;
    private static final int READ_BYTES_MIN = 512;
    private static final int READ_BYTES_FIRST = 2 * 1024;
    private static final String VERTX_DECODER = "httpDecoder";

    private final HttpServerOptions limits;

    ConnectionGuard(IntakeOptions options) {
        this.limits = new HttpServerOptions()
                .setMaxHeaderSize(options.headerBytesMax())
                .setMaxInitialLineLength(options.initialLineBytesMax());
    }

    /** To be called before the connection reads; {@code inputEnded} runs when the client has ended its side. */
    void attach(HttpConnection connection, Runnable inputEnded) {
        connection.exceptionHandler(error -> LOG.debug("a connection failed: {}", error.getMessage()));
        if (connection instanceof ConnectionBase base) {
            boundReads(base.channel().config());
            addHandlers(base.channel(), inputEnded);
        }
    }

    private static void boundReads(ChannelConfig config) {
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX)
                        .maxMessagesPerRead(READS_PER_TURN_MAX));
    }

    private void addHandlers(Channel channel, Runnable inputEnded) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(VERTX_DECODER, VERTX_DECODER, new RequestDecoder(limits));
        pipeline.addFirst(new FirstByte());
        pipeline.addFirst(new LingeringClose(inputEnded));
    }
}
