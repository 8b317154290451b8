package dev.sluice.listener.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's request decoder, which is strict about lines, lengths and transfer encodings. This one also refuses what
 * {@link HeadSyntax} names, two hosts and two content types. It closes a connection whose first byte begins no request
 * (a TLS hello, another protocol, noise): such a connection may never send the end of a line. It counts the heads it has
 * read, and knows the one that is coming in. Where the connection may speak HTTP/2 it tells of that preface, and leaves
 * its bytes to what takes its place. One per connection, on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the close
public final class RequestDecoder extends VertxHttpRequestDecoder {

    /** The client speaks a version that this listener does not. */
    public static final class UnknownVersion extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnknownVersion() {
            super("unknown HTTP version");
        }
    }

    /** The head did not come whole in time. */
    public static final class LateHead extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        LateHead() {
            super("a head that does not end");
        }
    }

    /** What HTTP/2's preface begins with, and no request: no method has this name. */
    private static final byte[] PREFACE = {'P', 'R', 'I', ' '};

    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString DRAFT_KEY = AsciiString.cached("sec-websocket-key1");

    private @Nullable Runnable beginsHttp2;
    private boolean begun;
    private boolean heard;
    private long heads;
    private int hosts;
    private int contentTypes;
    private int wordEnd;
    private boolean inHead = true;
    private boolean hasRequestLine;
    private boolean headBegan;
    private int headBytes;
    private boolean isOver;
    private long wholeRequests;

    /** With the header limits of those options. */
    public RequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /** From now on the preface of HTTP/2 is no bad request: that runs, and puts another handler in this one's place. */
    public void onHttp2(Runnable begins) {
        beginsHttp2 = begins;
    }

    /** Whether bytes came since the last call. */
    public boolean heard() {
        boolean before = heard;
        heard = false;
        return before;
    }

    /** Whether more requests were read than those. */
    public boolean hasMoreThan(long requests) {
        return heads > requests;
    }

    /** The number of the head that has begun and not ended, which no other one has; negative where there is none. */
    public long unfinishedHead() {
        return inHead && headBegan && !isOver ? wholeRequests : -1;
    }

    /** Bytes of the head that has begun and not ended. */
    public int headBytes() {
        return headBytes;
    }

    /** Ends the wait for the head that has begun: it is answered as a request that cannot be read is. */
    public void giveUpHead(ChannelHandlerContext ctx) {
        isOver = true;
        HttpMessage invalid = createInvalidMessage();
        invalid.setDecoderResult(DecoderResult.failure(new LateHead()));
        ctx.fireChannelRead(invalid);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        heard = true;
        if (inHead && message instanceof ByteBuf bytes) {
            headBytes += bytes.readableBytes();
        }
        if (isOver) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!begun && message instanceof ByteBuf bytes && bytes.isReadable()) {
            begun = true;
            if (!HeadSyntax.beginsRequest(bytes)) {
                bytes.release();
                ctx.close();
                return;
            }
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        Runnable begins = beginsHttp2;
        if (begins != null && isPreface(buffer)) {
            headBegan = true;
            if (buffer.readableBytes() >= PREFACE.length) {
                begins.run();
            }
            return;
        }
        beginsHttp2 = null;
        if (inHead && buffer.isReadable()) {
            headBegan = true;
            HeadSyntax.refuseFoldedLine(buffer, hasRequestLine);
        }
        super.decode(ctx, buffer, out);
        if (!out.isEmpty()) {
            decoded(out.get(out.size() - 1));
        }
    }

    /** Whether the bytes so far are those of the preface. */
    private static boolean isPreface(ByteBuf buffer) {
        int length = Math.min(buffer.readableBytes(), PREFACE.length);
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(buffer.readerIndex() + i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    private void decoded(Object last) {
        isOver = last instanceof HttpObject part && part.decoderResult().isFailure();
        inHead = last instanceof LastHttpContent;
        if (inHead) {
            headBegan = false;
            headBytes = 0;
            hasRequestLine = false;
            wholeRequests++;
        }
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        wordEnd = start + length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        HeadSyntax.requireOneSpace(line, wordEnd, start);
        wordEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        HeadSyntax.requireOneSpace(line, wordEnd, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /**
     * Two hosts or two content types: each of two readers may believe another one. And what Netty takes for the sign of a
     * WebSocket draft from 2010, in which eight bytes of body follow a GET: to any other reader they are the next request.
     */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a header without a name");
        }
        AsciiString name = HeadSyntax.nameThatWasSent(super.splitHeaderName(line, start, length), line, start, length);
        if (length == DRAFT_KEY.length() && DRAFT_KEY.contentEqualsIgnoreCase(name)) {
            throw new IllegalArgumentException("a body that is not announced");
        }
        if (length == HOST.length() && HOST.contentEqualsIgnoreCase(name) && ++hosts > 1) {
            throw new IllegalArgumentException("two hosts");
        }
        if (length == CONTENT_TYPE.length() && CONTENT_TYPE.contentEqualsIgnoreCase(name) && ++contentTypes > 1) {
            throw new IllegalArgumentException("two content types");
        }
        return name;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        hasRequestLine = true;
        hosts = 0;
        contentTypes = 0;
        HeadSyntax.requireVersion(initialLine[2]);
        HeadSyntax.requireTarget(initialLine[1]);
        HttpMessage message = super.createMessage(initialLine);
        heads++;
        return message;
    }

    /** For a request line that is none; it is answered as a request is. */
    @Override
    protected HttpMessage createInvalidMessage() {
        heads++;
        return super.createInvalidMessage();
    }
}
