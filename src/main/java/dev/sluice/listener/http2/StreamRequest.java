package dev.sluice.listener.http2;

import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The request of one stream. Its {@code Host} is what {@code :authority} says. What is left of its body when it has its
 * answer is dropped as it comes, up to {@value #LEFT_BYTES_MAX} bytes; beyond, the stream is reset. On its connection's
 * event loop.
 */
public final class StreamRequest implements ClientRequest {

    /** As much as the largest body: clients that are told to stop sending do not all understand it. */
    private static final int LEFT_BYTES_MAX = 8 << 20;

    /** Objects of a stream, its request and its reply. */
    private static final int STREAM_BYTES = 2 * 1024;

    private static final int COPIES = 2;

    private final HttpConnection connection;
    private final Http2Headers head;
    private final StreamReply reply;
    private final HttpMethod method;
    private final String uri;
    private Handler<Buffer> pieces = dropped -> {};
    private Runnable whole = () -> {};
    private int left = LEFT_BYTES_MAX;
    private boolean ended;

    StreamRequest(HttpConnection connection, Http2Headers head, boolean ended, StreamReply reply) {
        this.connection = connection;
        this.head = head;
        this.ended = ended;
        this.reply = reply;
        this.method = HttpMethod.valueOf(Objects.requireNonNull(head.method()).toString());
        this.uri = Objects.requireNonNull(head.path()).toString();
    }

    @Override
    public HttpMethod method() {
        return method;
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    @Override
    public @Nullable String query() {
        int query = uri.indexOf('?');
        return query < 0 ? null : uri.substring(query + 1);
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public @Nullable String getHeader(CharSequence name) {
        AsciiString key = AsciiString.of(name).toLowerCase();
        CharSequence value = head.get(key);
        if (value == null && key.contentEquals(HttpHeaderNames.HOST)) {
            value = head.authority();
        }
        return value == null ? null : value.toString();
    }

    @Override
    public MultiMap headers() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        head.forEach(field -> {
            if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(field.getKey())) {
                headers.add(field.getKey().toString(), field.getValue().toString());
            }
        });
        return headers;
    }

    @Override
    public HttpConnection connection() {
        return connection;
    }

    @Override
    public boolean sharesConnection() {
        return true;
    }

    @Override
    public long headBytes() {
        return STREAM_BYTES + COPIES * StreamHead.bytes(head);
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public void read(Handler<Buffer> body, Runnable end, Handler<Throwable> failed) {
        if (ended) {
            end.run();
        } else {
            pieces = body;
            whole = end;
        }
    }

    @Override
    public void proceed() {
        reply.proceed();
    }

    @Override
    public Reply reply() {
        return reply;
    }

    /** Whether its answer was given: what comes of its body is not wanted any more. */
    boolean isAnswered() {
        return reply.hasEnded();
    }

    /** So many bytes of its body, behind its answer. */
    void cameBehind(int bytes, boolean isLast) {
        ended = isLast;
        left -= bytes;
        if (left < 0) {
            reply.endStream();
        }
    }

    /** A piece of its body. */
    void came(Buffer piece, boolean isLast) {
        ended = isLast;
        if (piece.length() > 0) {
            pieces.handle(piece);
        }
        if (isLast) {
            whole.run();
        }
    }

    /** Trailers, which say nothing here, or the last of the body. */
    void cameWhole() {
        ended = true;
        whole.run();
    }

    /** Resets the stream where its answer was not taken since before that instant; then true. */
    boolean endIfStalled(long sinceNanos) {
        if (!ended && reply.isTakenSince(sinceNanos)) {
            reply.endStream();
        }
        return reply.endIfStalled(sinceNanos);
    }

    /** Nothing comes or goes any more. */
    void closed() {
        pieces = dropped -> {};
        whole = () -> {};
        reply.closed();
    }
}
