package dev.sluice.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one connection: Netty's handler, within the limits of {@link Http2Streams}. What is written leaves once
 * in a turn of the loop, however many streams wrote. One per connection, on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and the stream hears of it
final class Http2Handler extends Http2ConnectionHandler {

    private final Http2Streams streams;
    private final FrameWatch watch = new FrameWatch();
    private @Nullable ChannelHandlerContext ctx;
    private boolean flushes;
    private boolean isOver;
    private boolean saidWhy;

    private Http2Handler(
            Http2Streams streams,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(decoder, encoder, settings);
        this.streams = streams;
    }

    static Http2Handler make(Http2Streams streams) {
        return new Builder(streams).build();
    }

    /** Netty's defaults hold for what is not set: 16 small CONTINUATION frames in a head, 2 empty DATA frames in a row. */
    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Handler, Builder> {

        private final Http2Streams streams;

        Builder(Http2Streams streams) {
            this.streams = streams;
            server(true);
            initialSettings(Http2Settings.defaultSettings()
                    .maxConcurrentStreams(Http2Streams.STREAMS_MAX)
                    .maxHeaderListSize(streams.headerBytesMax()));
            frameListener(new Http2FrameAdapter()); // the stream's own is set before anything is read
            gracefulShutdownTimeoutMillis(0); // Connections waits for what is in progress
            encoderEnforceMaxQueuedControlFrames(Http2Streams.ANSWERS_QUEUED_MAX);
            encoderEnforceMaxRstFramesPerWindow(Http2Streams.RESETS_MAX, Http2Streams.WINDOW_SECONDS);
            decoderEnforceMaxRstFramesPerWindow(Http2Streams.RESETS_MAX, Http2Streams.WINDOW_SECONDS);
        }

        @Override
        protected Http2Handler build() {
            return super.build();
        }

        @Override
        protected Http2Handler build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2Handler(streams, decoder, encoder, settings);
        }
    }

    /** Whether the connection was ended over an error. */
    boolean isOver() {
        return isOver;
    }

    FrameWatch watch() {
        return watch;
    }

    /** Its place in the pipeline. */
    ChannelHandlerContext ctx() {
        return Objects.requireNonNull(ctx, "before it is in a pipeline");
    }

    /** The bound of streams holds from the first on, also for a client that never acknowledges the settings. */
    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        ctx = added;
        connection().remote().maxActiveStreams(Http2Streams.STREAMS_MAX);
        super.handlerAdded(added);
        flush(added); // the settings
    }

    @Override
    public void channelRead(ChannelHandlerContext at, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            watch.read(bytes, System.nanoTime());
        }
        super.channelRead(at, message);
        if (watch.isFlood() && !isOver) {
            onError(at, false, tooMuch("too many frames that only ask for work"));
        }
    }

    /** Ends the connection over a frame that does not end; its listener knows. */
    void giveUp() {
        if (!isOver) {
            isOver = true;
            onError(ctx(), false, tooMuch("a frame or a head that did not come whole in time"));
        }
    }

    private static Http2Exception tooMuch(String what) {
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, what);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext at, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        boolean isClients = error != null && (!outbound || error.error() == Http2Error.ENHANCE_YOUR_CALM);
        if (isClients && !isOver) {
            streams.broken().run();
        }
        isOver = true;
        if (!saidWhy) { // the first error is the reason, whatever is read on
            saidWhy = true;
            super.onConnectionError(at, outbound, cause, error);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext at, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (error.error() == Http2Error.REFUSED_STREAM) {
            streams.streamRefused().run();
        }
        super.onStreamError(at, outbound, cause, error);
    }

    /** Netty resets the stream behind it, so there is no body. */
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext at, Http2Stream stream) {
        Http2Headers head = new DefaultHttp2Headers()
                .status(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.codeAsText())
                .set(HttpHeaderNames.DATE, streams.date().get())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        encoder().writeHeaders(at, stream.id(), head, 0, true, at.newPromise());
    }

    /** The client is to begin no stream behind that one. */
    void goAway(int lastStream) {
        goAway(ctx(), lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
        flush(ctx());
    }

    void reset(Http2Stream stream, Http2Error why) {
        resetStream(ctx(), stream.id(), why.code(), ctx().newPromise());
        flushSoon();
    }

    /** Behind what else this turn of the loop writes. */
    void flushSoon() {
        if (!flushes) {
            flushes = true;
            ctx().executor().execute(() -> {
                flushes = false;
                flush(ctx());
            });
        }
    }
}
