package dev.sluice.rig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A well-behaved client of a node's ports: one request after another on one connection, and a new connection where an
 * answer said that it is the last one. It retries nothing. Errors are those of {@link HttpSocket}. One thread.
 */
public final class OrderClient implements AutoCloseable {

    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";

    private final int port;
    private final int answerLimitMs;
    private @Nullable HttpSocket socket;

    /** Connects. */
    public OrderClient(int port) {
        this(port, HttpSocket.ANSWER_LIMIT_MS);
    }

    /** Where a missing answer is part of the test: how long the client waits for one. */
    public OrderClient(int port, int answerLimitMs) {
        this.port = port;
        this.answerLimitMs = answerLimitMs;
        socket = new HttpSocket(port, answerLimitMs);
    }

    /** A lone order; more headers as they stand on the wire. */
    public Reply post(String order, String... headers) {
        return send("POST", "/orders", JSON, order.getBytes(UTF_8), headers);
    }

    public Reply get(String path) {
        return send("GET", path, null, new byte[0]);
    }

    /** A bulk request of NDJSON. */
    public Reply bulk(String... lines) {
        return send("POST", "/orders/batch", NDJSON, String.join("\n", lines).getBytes(UTF_8));
    }

    /** A bulk request, its body as it stands. */
    public Reply bulk(byte[] body, String mediaType, String... headers) {
        return send("POST", "/orders/batch", mediaType, body, headers);
    }

    /** A bulk request of a JSON array. */
    public Reply array(String body) {
        return send("POST", "/orders/batch", JSON, body.getBytes(UTF_8));
    }

    public Reply send(String method, String path, @Nullable String mediaType, byte[] body, String... headers) {
        HttpSocket open = socket == null ? new HttpSocket(port, answerLimitMs) : socket;
        socket = open;
        Reply reply = answer(open, request(method, path, mediaType, body, headers), method.equals("HEAD"));
        if (reply.isLast()) {
            reconnect();
        }
        return reply;
    }

    /** A server that refuses a body answers while it comes in, and takes no more of it. */
    private static Reply answer(HttpSocket open, byte[] request, boolean isHead) {
        try {
            open.send(request);
        } catch (UncheckedIOException refused) {
            return open.read();
        }
        return isHead ? open.readHead() : open.read();
    }

    private static byte[] request(
            String method, String path, @Nullable String mediaType, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        if (mediaType != null) {
            head.append("Content-Type: ").append(mediaType).append("\r\n");
        }
        if (!method.equals("GET")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(ISO_8859_1);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    @Override
    public void close() {
        reconnect();
    }

    /** Ends the connection; the next request opens another one. */
    public void reconnect() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
