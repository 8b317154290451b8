package dev.sluice.listener.http2;

import dev.sluice.listener.request.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.LongConsumer;

/**
 * The answer of one stream. It waits, counted, while its client's window is closed. Headers of HTTP/1.1's connections
 * are left out. On its connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what waits for a write listens to its promise
final class StreamReply implements Reply {

    /** When one more of them was taken, the client counts as reading. */
    private static final int STEP_BYTES = 4 * 1024;

    private final Http2Handler handler;
    private final Http2Stream stream;
    private final ContextInternal context;
    private final LongConsumer pendingChanged;
    private final Http2Headers head = new DefaultHttp2Headers();
    private boolean hasBody;
    private boolean headSent;
    private boolean ended;
    private boolean isReset;
    private boolean isClosed;
    private long bytesWritten;
    private long pendingBytes;
    private long movedNanos;

    /** @param pendingChanged told how many bytes more, or fewer, wait for the client */
    StreamReply(Http2Handler handler, Http2Stream stream, ContextInternal context, LongConsumer pendingChanged) {
        this.handler = handler;
        this.stream = stream;
        this.context = context;
        this.pendingChanged = pendingChanged;
    }

    @Override
    public void begin(int status) {
        head.status(HttpResponseStatus.valueOf(status).codeAsText());
        hasBody = status != HttpResponseStatus.NO_CONTENT.code() && status != HttpResponseStatus.NOT_MODIFIED.code();
    }

    @Override
    public void header(CharSequence name, CharSequence value) {
        AsciiString key = AsciiString.of(name).toLowerCase();
        if (!HttpHeaderValidationUtil.isConnectionHeader(key, true)) {
            head.set(key, value);
        }
    }

    @Override
    public void withUnknownLength() {
        // A stream's end is the end of its body.
    }

    /** Before the answer: the client may send its body. */
    void proceed() {
        Http2Headers go = new DefaultHttp2Headers().status(HttpResponseStatus.CONTINUE.codeAsText());
        ChannelHandlerContext ctx = handler.ctx();
        handler.encoder().writeHeaders(ctx, stream.id(), go, 0, false, ctx.newPromise());
        handler.flushSoon();
    }

    @Override
    public Future<Void> end(Buffer body) {
        if (hasBody) {
            head.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length());
        }
        return body.length() == 0 ? end() : send(body, true);
    }

    @Override
    public Future<Void> write(Buffer piece) {
        return send(piece, false);
    }

    @Override
    public Future<Void> end() {
        if (isGone()) {
            return gone();
        }
        Promise<Void> taken = context.promise();
        if (headSent) {
            write(Unpooled.EMPTY_BUFFER, true, heard(0, taken));
        } else {
            sendHead(true, heard(0, taken));
        }
        handler.flushSoon();
        return taken.future();
    }

    private Future<Void> gone() {
        return context.failedFuture("the client is gone");
    }

    private Future<Void> send(Buffer body, boolean isLast) {
        if (isGone()) {
            return gone();
        }
        if (!headSent) {
            sendHead(false, handler.ctx().newPromise());
        }
        ByteBuf bytes = ((BufferInternal) body).getByteBuf();
        int length = body.length();
        bytesWritten += length;
        Promise<Void> taken = context.promise();
        Promise<Void> some = context.promise();
        for (int from = 0; from < length; from += STEP_BYTES) {
            int step = Math.min(STEP_BYTES, length - from);
            boolean isEnd = from + step == length;
            ByteBuf part = bytes.retainedSlice(bytes.readerIndex() + from, step);
            write(part, isLast && isEnd, heard(step, isEnd ? taken : some));
        }
        handler.flushSoon();
        return taken.future();
    }

    private void sendHead(boolean isEnd, ChannelPromise written) {
        headSent = true;
        ended = isEnd;
        ChannelHandlerContext ctx = handler.ctx();
        handler.encoder().writeHeaders(ctx, stream.id(), head, 0, isEnd, written);
    }

    private void write(ByteBuf part, boolean isEnd, ChannelPromise written) {
        ended = isEnd;
        handler.encoder().writeData(handler.ctx(), stream.id(), part, 0, isEnd, written);
    }

    /** What tells of so many bytes that they were taken, or never will be. */
    private ChannelPromise heard(int bytes, Promise<Void> taken) {
        if (pendingBytes == 0) {
            movedNanos = System.nanoTime();
        }
        change(bytes);
        ChannelPromise written = handler.ctx().newPromise();
        written.addListener(done -> {
            change(-bytes);
            movedNanos = System.nanoTime();
            if (done.isSuccess()) {
                taken.tryComplete();
            } else {
                taken.tryFail(done.cause());
            }
        });
        return written;
    }

    private void change(int bytes) {
        pendingBytes += bytes;
        pendingChanged.accept(bytes);
    }

    @Override
    public boolean isGone() {
        return isClosed || !handler.ctx().channel().isActive();
    }

    @Override
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Whether all of it was given to the connection. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether its client has had it all since before that instant. */
    boolean isTakenSince(long nanos) {
        return ended && pendingBytes == 0 && movedNanos - nanos < 0;
    }

    /** Resets the stream where its client has taken nothing of it since before that instant; then true. */
    boolean endIfStalled(long sinceNanos) {
        boolean stalled = !isReset && !isClosed && pendingBytes > 0 && movedNanos - sinceNanos < 0;
        if (stalled) {
            reset(Http2Error.CANCEL);
        }
        return stalled;
    }

    private void reset(Http2Error why) {
        isReset = true;
        handler.reset(stream, why);
    }

    /** The client need not send the rest of its request. */
    void endStream() {
        if (!isReset && !isClosed) {
            reset(Http2Error.NO_ERROR);
        }
    }

    void closed() {
        isClosed = true;
    }
}
