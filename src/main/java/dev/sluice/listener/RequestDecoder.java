package dev.sluice.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's request decoder, which is strict about lines, lengths and transfer encodings. This one also refuses other
 * versions than HTTP/1.0 and 1.1, request targets with anything but visible ASCII in them, two hosts, and a line of a
 * head that begins with white space (the folded headers of old). It closes a connection whose first byte begins no
 * request (a TLS hello, another protocol, noise): such a connection may never send the end of a line. It counts the
 * heads it has read, for {@link Connections}. Where the connection may speak HTTP/2 it tells of that preface, and leaves
 * its bytes to what takes its place. One per connection, on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the close
final class RequestDecoder extends VertxHttpRequestDecoder {

    /** The client speaks a version that this listener does not. */
    static final class UnknownVersion extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnknownVersion() {
            super("unknown HTTP version");
        }
    }

    /** The head did not come whole in time. */
    static final class LateHead extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        LateHead() {
            super("a head that does not end");
        }
    }

    /** In no position of a head is it allowed, so the line that it is put into is refused. */
    private static final byte REFUSED = 0;

    /** What HTTP/2's preface begins with, and no request: no method has this name. */
    private static final byte[] PREFACE = {'P', 'R', 'I', ' '};

    private static final int UNSEEN = 8;
    private static final byte DELETE = 0x7F;
    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");

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

    RequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /** From now on the preface of HTTP/2 is no bad request: that runs, and puts another handler in this one's place. */
    void onHttp2(Runnable begins) {
        beginsHttp2 = begins;
    }

    /** Whether bytes came since the last call. */
    boolean heard() {
        boolean before = heard;
        heard = false;
        return before;
    }

    /** Whether more requests were read than those. */
    boolean hasMoreThan(long requests) {
        return heads > requests;
    }

    /** The number of the head that has begun and not ended, which no other one has; negative where there is none. */
    long unfinishedHead() {
        return inHead && headBegan && !isOver ? wholeRequests : -1;
    }

    /** Bytes of the head that has begun and not ended. */
    int headBytes() {
        return headBytes;
    }

    /** Ends the wait for the head that has begun: it is answered as a request that cannot be read is. */
    void giveUpHead(ChannelHandlerContext ctx) {
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
            if (!beginsRequest(bytes)) {
                bytes.release();
                ctx.close();
                return;
            }
        }
        super.channelRead(ctx, message);
    }

    /** A method is letters; empty lines before it are allowed. */
    private static boolean beginsRequest(ByteBuf bytes) {
        int first = bytes.getByte(bytes.readerIndex());
        return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r' || first == '\n';
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
            refuseFoldedLine(buffer);
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

    /**
     * Netty joins a line that begins with white space to the one before it, or takes it for a request line. Complete
     * lines are consumed at once, so each call begins where a line does.
     */
    private void refuseFoldedLine(ByteBuf buffer) {
        boolean hasLine = hasRequestLine;
        int line = buffer.readerIndex();
        while (line < buffer.writerIndex()) {
            byte first = buffer.getByte(line);
            if (first == ' ' || first == '\t') {
                buffer.setByte(line, REFUSED);
                return;
            }
            if (!hasLine && isSkipped(first)) {
                line++;
                continue;
            }
            if (first == '\r' || first == '\n') {
                return;
            }
            hasLine = true;
            int lineFeed = buffer.indexOf(line, buffer.writerIndex(), (byte) '\n');
            if (lineFeed < 0) {
                return;
            }
            line = lineFeed + 1;
        }
    }

    /** Netty passes over it in front of a request line. */
    private static boolean isSkipped(byte first) {
        return (first >= 0 && first < ' ') || first == DELETE;
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        wordEnd = start + length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        wordEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /** Between two words of the request line. Other white space is a request that another reader reads otherwise. */
    private void requireOneSpace(byte[] line, int start) {
        if (start != wordEnd + 1 || line[wordEnd] != ' ') {
            throw new IllegalArgumentException("request line");
        }
    }

    /**
     * Vert.x knows {@code Content-Length} and {@code Content-Type} without a look at their ninth letter: to it {@code
     * Content-Xength} is a length too, which to a proxy before it means nothing.
     */
    private AsciiString nameOf(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        boolean guessed = name.length() > UNSEEN
                && AsciiString.toLowerCase(name.charAt(UNSEEN))
                        != AsciiString.toLowerCase((char) (line[start + UNSEEN] & 0xFF));
        return guessed ? new AsciiString(line, start, length, true) : name;
    }

    /** Two hosts or two content types: each of two readers may believe another one. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a header without a name");
        }
        AsciiString name = nameOf(line, start, length);
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
        String version = initialLine[2];
        if (!HttpVersion.HTTP_1_1.text().equals(version)
                && !HttpVersion.HTTP_1_0.text().equals(version)) {
            throw version.matches("HTTP/[0-9]{1,2}([.][0-9]{1,2})?")
                    ? new UnknownVersion()
                    : new IllegalArgumentException("no HTTP");
        }
        if (!isVisibleAscii(initialLine[1])) {
            throw new IllegalArgumentException("request target");
        }
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

    private static boolean isVisibleAscii(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        return !target.isEmpty();
    }
}
