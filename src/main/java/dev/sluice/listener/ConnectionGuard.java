package dev.sluice.listener;

import dev.sluice.listener.http1.RequestDecoder;
import dev.sluice.listener.http2.Http2Streams;
import dev.sluice.listener.http2.Http2Traffic;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each accepted connection gets beyond Vert.x's own set-up, because Vert.x has no options for it: it ends without
 * a reset, a client may end its side and still read its answer, requests are decoded strictly, and one turn of the
 * loop reads at most {@value #READS_PER_TURN_MAX} times {@value #READ_BYTES_MAX} bytes of it. That bounds what a
 * connection can queue: Vert.x stops reading while requests wait behind one that is not answered.
 */
final class ConnectionGuard {

    static final int READ_BYTES_MAX = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
    private static final int READS_PER_TURN_MAX = 4;
    private static final int READ_BYTES_MIN = 512;
    private static final int READ_BYTES_FIRST = 2 * 1024;
    /** Bytes beyond which nothing more is made for a client that does not read, and below which it is again. */
    private static final WriteBufferWaterMark WRITTEN_AHEAD = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    private static final String VERTX_DECODER = "httpDecoder";
    private static final String VERTX_ENCODER = "httpEncoder";
    private static final String VERTX_HANDLER = "handler";

    private final HttpServerOptions options;

    /** With the header limits of those options. */
    ConnectionGuard(HttpServerOptions options) {
        this.options = options;
    }

    /**
     * Must run before the connection reads.
     *
     * @param inputEnded runs when the client has ended its side
     * @param lost runs when the connection has failed
     * @return what decodes the connection's requests
     */
    RequestDecoder attach(HttpConnection connection, Runnable inputEnded, Runnable lost) {
        connection.exceptionHandler(error -> LOG.debug("a connection failed: {}", error.getMessage()));
        RequestDecoder decoder = new RequestDecoder(options);
        if (connection instanceof ConnectionBase base) {
            boundReads(base.channel().config());
            addHandlers(base.channel(), decoder, new LingeringClose(inputEnded, lost));
        }
        return decoder;
    }

    private static void boundReads(ChannelConfig config) {
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setWriteBufferWaterMark(WRITTEN_AHEAD);
        config.setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX)
                        .maxMessagesPerRead(READS_PER_TURN_MAX));
    }

    private static void addHandlers(Channel channel, RequestDecoder decoder, LingeringClose lingering) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(VERTX_DECODER, VERTX_DECODER, decoder);
        pipeline.addFirst(lingering);
    }

    /** Whether its client asked for HTTP/2 when TLS began. */
    static boolean hasNegotiatedHttp2(HttpConnection connection) {
        SslHandler tls = connection instanceof ConnectionBase base
                ? base.channel().pipeline().get(SslHandler.class)
                : null;
        return tls != null && Http2Streams.ALPN_NAME.equals(tls.applicationProtocol());
    }

    /** Has it speak HTTP/2 from here on. Vert.x's own handler stays behind, for what is asked of every connection. */
    static void speakHttp2(HttpConnection connection, Http2Traffic traffic) {
        if (connection instanceof ConnectionBase base) {
            ChannelPipeline pipeline = base.channel().pipeline();
            pipeline.remove(VERTX_ENCODER);
            pipeline.replace(VERTX_DECODER, VERTX_DECODER, traffic.handler());
        }
    }

    /** Answers 408 to the head that is being decoded, and ends the connection. */
    static void giveUpHead(HttpConnection connection, RequestDecoder decoder) {
        if (connection instanceof ConnectionBase base) {
            ChannelHandlerContext ctx = base.channel().pipeline().context(decoder);
            if (ctx != null) {
                decoder.giveUpHead(ctx);
            }
        }
    }

    /** Ends it at once: what its client has not taken is dropped, and the client sees a reset. */
    static void cut(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            LingeringClose.cut(base.channel().pipeline());
        }
    }

    /** Ends it without waiting for its client, which has sent nothing that would be answered. */
    static void endAtOnce(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            LingeringClose.atOnce(base.channel().pipeline());
        }
    }

    /** From now on the connection ends only when {@link Connections} says so, and it gathers pipelined requests. */
    static void drain(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            base.channel().pipeline().addBefore(VERTX_HANDLER, null, new DrainHandler());
        }
    }
}
