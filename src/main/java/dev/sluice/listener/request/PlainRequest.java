package dev.sluice.listener.request;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * A plain order that was whole in one read, and its reply, which leaves in one buffer and one write. What it says of
 * itself, and the bytes of its answer, are those of the general way.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a listener is the end of it
public final class PlainRequest implements ClientRequest, Reply {

    /** Marks of one header: where its name begins and ends, and its value. */
    static final int MARKS = 4;

    private static final String PATH = "/orders";
    private static final int HEAD_BYTES = 512;
    private static final String LINE_END = "\r\n";

    private final HttpConnection connection;
    private final ChannelHandlerContext ctx;
    private final AsciiString head;
    private final int[] marks;
    private @Nullable Buffer body;
    private boolean answered;
    private @Nullable ByteBuf out;
    private long bytesWritten;

    PlainRequest(HttpConnection connection, ChannelHandlerContext ctx, AsciiString head, int[] marks, Buffer body) {
        this.connection = connection;
        this.ctx = ctx;
        this.head = head;
        this.marks = marks;
        this.body = body;
    }

    /** The bytes that its body shows are about to be written over. */
    void keepBody() {
        if (body != null) {
            body = answered ? null : body.copy();
        }
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.POST;
    }

    @Override
    public String uri() {
        return PATH;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public @Nullable String getHeader(CharSequence name) {
        int length = name.length();
        for (int i = 0; i < marks.length; i += MARKS) {
            if (marks[i + 1] - marks[i] == length && head.regionMatches(true, marks[i], name, 0, length)) {
                return head.toString(marks[i + 2], marks[i + 3]);
            }
        }
        return null;
    }

    @Override
    public MultiMap headers() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < marks.length; i += MARKS) {
            headers.add(head.toString(marks[i], marks[i + 1]), head.toString(marks[i + 2], marks[i + 3]));
        }
        return headers;
    }

    @Override
    public HttpConnection connection() {
        return connection;
    }

    @Override
    public boolean isEnded() {
        return true;
    }

    @Override
    public void read(Handler<Buffer> pieces, Runnable ended, Handler<Throwable> failed) {
        Buffer whole = body;
        if (whole != null) {
            body = null;
            pieces.handle(whole);
            ended.run();
        }
    }

    @Override
    public Reply reply() {
        return this;
    }

    @Override
    public HttpServerRequest general() {
        throw new IllegalStateException("a plain order did not pass Vert.x");
    }

    @Override
    public void begin(int status) {
        HttpResponseStatus line = HttpResponseStatus.valueOf(status);
        answered = true;
        out = ctx.alloc().ioBuffer(HEAD_BYTES);
        put(out, "HTTP/1.1 ", line.codeAsText());
        put(out, " ", line.reasonPhrase());
        put(out, LINE_END, "");
    }

    private static void put(ByteBuf to, CharSequence first, CharSequence second) {
        to.writeCharSequence(first, US_ASCII);
        to.writeCharSequence(second, US_ASCII);
    }

    @Override
    public void header(CharSequence name, CharSequence value) {
        ByteBuf begun = out;
        if (begun == null) {
            throw new IllegalStateException("a header before the status, or behind the head");
        }
        put(begun, name, ": ");
        put(begun, value, LINE_END);
    }

    @Override
    public Future<Void> end(Buffer whole) {
        header(HttpHeaders.CONTENT_LENGTH, Integer.toString(whole.length()));
        return write(whole);
    }

    @Override
    public Future<Void> write(Buffer piece) {
        bytesWritten += piece.length();
        return send(((BufferInternal) piece).getByteBuf());
    }

    @Override
    public Future<Void> end() {
        return out == null ? Future.succeededFuture() : send(Unpooled.EMPTY_BUFFER);
    }

    /** With the head, where that is still here. */
    private Future<Void> send(ByteBuf piece) {
        ByteBuf bytes = out == null ? ctx.alloc().ioBuffer(piece.readableBytes()) : out;
        if (out != null) {
            put(bytes, LINE_END, "");
            out = null;
        }
        ChannelFuture written = ctx.writeAndFlush(bytes.writeBytes(piece));
        if (written.isSuccess()) {
            return Future.succeededFuture();
        }
        Promise<Void> taken = ((ConnectionBase) connection).context().promise();
        written.addListener(done -> {
            if (done.isSuccess()) {
                taken.complete();
            } else {
                taken.fail(done.cause());
            }
        });
        return taken.future();
    }

    @Override
    public boolean isGone() {
        return !ctx.channel().isActive();
    }

    @Override
    public long bytesWritten() {
        return bytesWritten;
    }
}
