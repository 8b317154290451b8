package dev.sluice.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A socket and no manners: sends what it is told, byte for byte, and reads answers. Blocks, at most 15 s a read. */
final class RudeClient implements AutoCloseable {

    static final String ORDER = "{\"customerId\":\"c\",\"currency\":\"EUR\","
            + "\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1\"}]}";

    /** One answer. */
    record Reply(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.get(name);
        }

        boolean closes() {
            return "close".equals(header("connection"));
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;

    RudeClient(int port) {
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            socket.setSoTimeout(15_000);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String post(String headers, String body) {
        return "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n" + headers + "\r\n" + body;
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    RudeClient send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    RudeClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends on and on, until the server wants no more; the bytes it took. */
    long sendUntilRefused(byte[] piece, long bytesMax) {
        long sent = 0;
        try {
            while (sent < bytesMax) {
                socket.getOutputStream().write(piece);
                sent += piece.length;
            }
        } catch (IOException refused) {
            return sent;
        }
        return sent;
    }

    RudeClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next answer with a content length, or without a body. */
    Reply read() {
        return read(true);
    }

    /** The next answer to a HEAD, or one that has no body by its status. */
    Reply readHead() {
        return read(false);
    }

    private Reply read(boolean withBody) {
        try {
            String[] status = line().split(" ", 3);
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
            String body = new String(in.readNBytes(length), java.nio.charset.StandardCharsets.UTF_8);
            return new Reply(Integer.parseInt(status[1]), headers, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b >= 0 && b != '\n') {
            if (b != '\r') {
                line.write(b);
            }
            b = in.read();
        }
        if (b < 0) {
            throw new IOException("the connection ended after \"" + line + '"');
        }
        return line.toString(ISO_8859_1);
    }

    /** Whether the server has ended the connection in order, with nothing more to read; waits for it. */
    boolean isEnded() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the server has ended the connection, in order or by a reset; waits for it. */
    boolean isGone() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** As {@link #isGone}, whatever is answered before. */
    boolean isGoneAtLast() {
        try {
            in.readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** In the middle of whatever was going on. */
    void hangUp() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
