package dev.sluice.rig;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection in clear text that sends what it is told, frame by frame, for what no client library does. It
 * acknowledges settings, and opens no window unless told. What does not come in time is an {@link UncheckedIOException}.
 * Blocks.
 */
public final class Http2Socket implements AutoCloseable {

    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int ACK = 1;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    /** The code of a reset, and of a GOAWAY, that tells of no error. */
    public static final int NO_ERROR = 0;

    public static final int PROTOCOL_ERROR = 1;
    public static final int REFUSED_STREAM = 7;
    public static final int CANCEL = 8;
    public static final int ENHANCE_YOUR_CALM = 11;

    private static final int NONE = -1;
    private static final int HEAD_BYTES = 9;

    private final LoopbackSocket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final Map<Integer, Stream> streams = new HashMap<>();
    private final Map<Integer, Long> settings = new HashMap<>();
    private int goAwayCode = NONE;
    private int goAwayLast = NONE;
    private boolean acknowledges = true;

    /** What came of one stream. */
    private static final class Stream {
        private final Map<String, String> headers = new TreeMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status = NONE;
        private int resetCode = NONE;
        private boolean ended;
    }

    /** Connected, with nothing sent. */
    public Http2Socket(int port) {
        socket = new LoopbackSocket(new Socket(), port, HttpSocket.ANSWER_LIMIT_MS);
        in = new DataInputStream(socket.in());
    }

    /** With the preface and settings sent: numbers and values in turn. */
    public static Http2Socket open(int port, int... settings) {
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return new Http2Socket(port).send(PREFACE).frame(SETTINGS, 0, 0, payload.array());
    }

    public Http2Socket neverAcknowledge() {
        acknowledges = false;
        return this;
    }

    public Http2Socket send(String bytes) {
        return send(bytes.getBytes(US_ASCII));
    }

    public Http2Socket send(byte[] bytes) {
        socket.send(bytes);
        return this;
    }

    public static byte[] bytesOf(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(HEAD_BYTES + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public Http2Socket frame(int type, int flags, int stream, byte... payload) {
        return send(bytesOf(type, flags, stream, payload));
    }

    /** A head's fields, names and values in turn, as they go into HEADERS. */
    public byte[] block(String... fields) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        ByteBuf out = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, out);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return ByteBufUtil.getBytes(out);
    }

    /** A whole head with more fields; no body follows where it is the end. */
    public Http2Socket head(int stream, boolean isEnd, String method, String path, String... more) {
        String[] fields = new String[8 + more.length];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "http", ":path", path, ":authority", "localhost"},
                0,
                fields,
                0,
                8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return frame(HEADERS, END_HEADERS | (isEnd ? END_STREAM : 0), stream, block(fields));
    }

    public Http2Socket get(int stream, String path) {
        return head(stream, true, "GET", path);
    }

    /** A lone order, whole. */
    public Http2Socket post(int stream, String order) {
        return head(stream, false, "POST", "/orders", "content-type", "application/json")
                .frame(DATA, END_STREAM, stream, order.getBytes(UTF_8));
    }

    /** So many bytes more may be sent on that stream, or on the connection where it is 0. */
    public Http2Socket window(int stream, int bytes) {
        return frame(WINDOW_UPDATE, 0, stream, intBytes(bytes));
    }

    public Http2Socket reset(int stream) {
        return frame(RST_STREAM, 0, stream, intBytes(CANCEL));
    }

    private static byte[] intBytes(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private Stream stream(int id) {
        return streams.computeIfAbsent(id, first -> new Stream());
    }

    /** The whole answer of a stream; a reset before its end fails. */
    public Reply answer(int id) {
        Stream stream = stream(id);
        while (!stream.ended) {
            if (stream.resetCode != NONE) {
                throw new AssertionError("stream " + id + " was reset: " + stream.resetCode);
            }
            readFrame();
        }
        return new Reply(stream.status, stream.headers, stream.body.toString(UTF_8));
    }

    /** The status of the first head on that stream, which may be one before the answer's. */
    public int informational(int id) {
        Stream stream = stream(id);
        while (stream.status == NONE) {
            readFrame();
        }
        return stream.status;
    }

    /** The code of the stream's reset, which may follow its answer; waits for it. */
    public int resetCode(int id) {
        Stream stream = stream(id);
        while (stream.resetCode == NONE) {
            readFrame();
        }
        return stream.resetCode;
    }

    /** Bytes of the stream's body once so many have come. */
    public int bodyBytes(int id, int atLeast) {
        Stream stream = stream(id);
        while (stream.body.size() < atLeast) {
            readFrame();
        }
        return stream.body.size();
    }

    /** Whether that stream has an answer, or a reset, among what was read. */
    public boolean isOver(int id) {
        return stream(id).ended || stream(id).resetCode != NONE;
    }

    /** Whether that stream was reset, among what was read. */
    public boolean isReset(int id) {
        return stream(id).resetCode != NONE;
    }

    /** Whether the server said that it takes no more streams, among what was read. */
    public boolean isGoingAway() {
        return goAwayLast != NONE;
    }

    /** The error with which the server ends the connection; {@link #NO_ERROR} where it just ends. Waits for the end. */
    public int endCode() {
        try {
            while (true) {
                readOne();
            }
        } catch (EOFException over) {
            return Math.max(NO_ERROR, goAwayCode);
        } catch (java.net.SocketTimeoutException stays) {
            throw new UncheckedIOException("it does not end", stays);
        } catch (IOException reset) {
            return Math.max(NO_ERROR, goAwayCode);
        }
    }

    /** The value of one of the server's settings; waits for them. */
    public @Nullable Long setting(int number) {
        while (settings.isEmpty()) {
            readFrame();
        }
        return settings.get(number);
    }

    /** Everything until a PING is answered. */
    public Http2Socket turn() {
        frame(PING, 0, 0, new byte[Long.BYTES]);
        while (readFrame() != PING) {
            // what came before it is kept
        }
        return this;
    }

    private int readFrame() {
        try {
            return readOne();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int readOne() throws IOException {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
            case HEADERS -> headersCame(stream(id), payload, flags);
            case DATA -> {
                stream(id).body.write(payload);
                stream(id).ended = (flags & END_STREAM) != 0;
            }
            case RST_STREAM -> stream(id).resetCode = ByteBuffer.wrap(payload).getInt();
            case GOAWAY -> {
                goAwayLast = ByteBuffer.wrap(payload).getInt();
                goAwayCode =
                        ByteBuffer.wrap(payload, Integer.BYTES, Integer.BYTES).getInt();
            }
            case SETTINGS -> settingsCame(payload, flags);
            default -> {
                // PING's answer, and windows of what is sent: no test asks for them
            }
        }
        return type;
    }

    private void headersCame(Stream stream, byte[] payload, int flags) {
        try {
            decoder.decodeHeaders(1, Unpooled.wrappedBuffer(payload)).forEach(field -> {
                if (field.getKey().toString().equals(":status")) {
                    stream.status = Integer.parseInt(field.getValue().toString());
                } else {
                    stream.headers.put(
                            field.getKey().toString(), field.getValue().toString());
                }
            });
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        stream.ended = (flags & END_STREAM) != 0;
    }

    private void settingsCame(byte[] payload, int flags) {
        ByteBuffer came = ByteBuffer.wrap(payload);
        while (came.remaining() > 0) {
            settings.put((int) came.getShort(), (long) came.getInt());
        }
        if ((flags & ACK) == 0 && acknowledges) {
            frame(SETTINGS, ACK, 0);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
