package dev.sluice.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/** Makes requests of the frames of one connection. On its event loop. */
final class StreamFrames extends Http2FrameAdapter {

    private final Http2Streams streams;
    private final HttpConnection connection;
    private final ContextInternal context;
    private final Http2Handler handler;
    private final Http2Traffic traffic;
    private final Http2Connection.PropertyKey key;

    StreamFrames(
            Http2Streams streams,
            HttpConnection connection,
            ContextInternal context,
            Http2Handler handler,
            Http2Traffic traffic) {
        this.streams = streams;
        this.connection = connection;
        this.context = context;
        this.handler = handler;
        this.traffic = traffic;
        this.key = handler.connection().newKey();
        handler.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                StreamRequest request = stream.getProperty(key);
                if (request != null) {
                    traffic.closed(request);
                }
            }
        });
    }

    private @Nullable StreamRequest request(int id) {
        Http2Stream stream = handler.connection().stream(id);
        return stream == null ? null : stream.getProperty(key);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers head,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean isEnd)
            throws Http2Exception {
        onHeadersRead(ctx, id, head, padding, isEnd);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers head, int padding, boolean isEnd)
            throws Http2Exception {
        StreamRequest known = request(id);
        if (known == null) {
            begin(id, head, isEnd);
        } else if (isEnd) {
            context.emit(known, StreamRequest::cameWhole);
        }
    }

    private void begin(int id, Http2Headers head, boolean isEnd) throws Http2Exception {
        Http2Stream stream = handler.connection().stream(id);
        String fault = StreamHead.faultOf(head);
        if (fault != null) {
            throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, fault);
        }
        StreamReply reply = new StreamReply(handler, stream, context, traffic::pendingChanged);
        StreamRequest request = new StreamRequest(connection, head, isEnd, reply);
        stream.setProperty(key, request);
        traffic.opened(request);
        context.emit(request, streams.requests());
    }

    /** All of it counts as taken: what a request may hold of it is bounded where it is held. */
    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean isEnd) {
        StreamRequest request = request(id);
        if (request != null && request.isAnswered()) {
            request.cameBehind(data.readableBytes(), isEnd);
        } else if (request != null) {
            Buffer piece = Buffer.buffer(ByteBufUtil.getBytes(data));
            context.emit(piece, came -> request.came(came, isEnd));
        }
        return data.readableBytes() + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        StreamRequest request = request(id);
        if (request != null && traffic.isUnanswered(request)) {
            streams.resetInAnswer().run();
        }
    }
}
