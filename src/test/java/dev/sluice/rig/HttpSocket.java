package dev.sluice.rig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One connection to an HTTP server on loopback that sends what it is told, byte for byte, and reads answers. It retries
 * nothing. A reset, an end and an answer that does not come in time are {@link UncheckedIOException}s. Blocks.
 */
public final class HttpSocket implements AutoCloseable {

    public static final String ORDER = "{\"customerId\":\"c\",\"currency\":\"EUR\","
            + "\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1\"}]}";

    /** Beyond every deadline of a node. */
    static final int ANSWER_LIMIT_MS = 20_000;

    private final LoopbackSocket socket;
    private final InputStream in;

    public HttpSocket(int port) {
        this(port, ANSWER_LIMIT_MS);
    }

    HttpSocket(int port, int answerLimitMs) {
        this(new Socket(), port, answerLimitMs);
    }

    /** Over TLS, with that client's trust and certificate; the handshake is over. */
    public static HttpSocket overTls(int port, SSLContext client) {
        try {
            return new HttpSocket(client.getSocketFactory().createSocket(), port, ANSWER_LIMIT_MS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpSocket(Socket socket, int port, int answerLimitMs) {
        this.socket = new LoopbackSocket(socket, port, answerLimitMs);
        this.in = new BufferedInputStream(this.socket.in());
    }

    /** A lone order, its headers as they stand on the wire. */
    public static String post(String headers, String order) {
        return "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + order.getBytes(UTF_8).length + "\r\n" + headers + "\r\n" + order;
    }

    public static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** In one write; characters beyond Latin-1 are none. */
    public HttpSocket send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    public HttpSocket send(byte[] bytes) {
        socket.send(bytes);
        return this;
    }

    /** Sends on and on, until the server wants no more; the bytes it took. */
    public long sendUntilRefused(byte[] piece, long bytesMax) {
        long sent = 0;
        try {
            while (sent < bytesMax) {
                socket.send(piece);
                sent += piece.length;
            }
        } catch (UncheckedIOException refused) {
            return sent;
        }
        return sent;
    }

    /** The certificate that the server has shown. */
    public Certificate serverCertificate() {
        try {
            return ((SSLSocket) socket.socket()).getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpSocket endOutput() {
        try {
            socket.socket().shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next answer with a content length, in chunks, or without a body. */
    public Reply read() {
        return read(true);
    }

    /** The next answer to a HEAD, or one that has no body by its status. */
    public Reply readHead() {
        return read(false);
    }

    private Reply read(boolean withBody) {
        try {
            int status = Integer.parseInt(line().split(" ", 3)[1]);
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (withBody && "chunked".equals(headers.get("transfer-encoding"))) {
                return new Reply(status, headers, new String(chunks(), UTF_8));
            }
            int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("the connection ended within an answer");
            }
            return new Reply(status, headers, new String(body, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next answers with a content length as they stand on the wire, as Latin-1; fewer where the connection ends. */
    public String readRaw(int answers) {
        StringBuilder raw = new StringBuilder();
        try {
            for (int i = 0; i < answers; i++) {
                int length = 0;
                for (String line = rawLine(); !line.equals("\r\n"); line = rawLine()) {
                    raw.append(line);
                    if (line.isEmpty()) {
                        return raw.append("(ended)").toString();
                    }
                    if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(
                                line.substring(line.indexOf(':') + 1).strip());
                    }
                }
                raw.append("\r\n").append(new String(in.readNBytes(length), ISO_8859_1));
            }
        } catch (IOException e) {
            return raw.append("(").append(e.getMessage()).append(")").toString();
        }
        return raw.toString();
    }

    /** With its end; empty where the connection has ended. */
    private String rawLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toString(ISO_8859_1);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(length));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended after \"" + line + '"');
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** Whether something can be read at once. */
    public boolean isAnswered() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server has ended the connection in order, with nothing more to read; waits for it. */
    public boolean isEnded() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the server has ended the connection, in order or by a reset; waits for it. */
    public boolean isGone() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** All that comes until the connection ends, in order or by a reset, as Latin-1. */
    public String readToTheEnd() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketTimeoutException stays) {
            throw new UncheckedIOException("neither answered nor ended", stays);
        } catch (IOException reset) {
            return all.toString(ISO_8859_1);
        }
        return all.toString(ISO_8859_1);
    }

    /** In the middle of what was going on. */
    public void hangUp() {
        close();
    }

    @Override
    public void close() {
        socket.close();
    }
}
