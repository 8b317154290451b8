package dev.sluice.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection to a Redis on loopback, for what tests do behind the node's back. Answers come as {@code redis-cli --raw}
 * shows them, arrays one element a line; errors begin with "-". Every method blocks, ten seconds at most; one thread.
 */
public final class RawRedis implements AutoCloseable {

    private static final int ANSWER_LIMIT_MS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public RawRedis(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(ANSWER_LIMIT_MS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** As the user of a URI, where it names one. */
    String login(String uri) throws IOException {
        String userInfo = URI.create(uri).getUserInfo();
        int colon = userInfo == null ? 0 : userInfo.indexOf(':');
        return userInfo == null ? "OK" : ask("AUTH", userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }

    public String ask(String... command) throws IOException {
        StringBuilder text = new StringBuilder("*" + command.length + "\r\n");
        for (String word : command) {
            text.append('$').append(word.getBytes(UTF_8).length).append("\r\n");
            text.append(word).append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write(text.toString().getBytes(UTF_8));
        out.flush();
        return read();
    }

    private String read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            case '-' -> line;
            default -> rest;
        };
    }

    private String bulk(int bytes) throws IOException {
        if (bytes < 0) {
            return "";
        }
        String text = new String(in.readNBytes(bytes), UTF_8);
        in.skipNBytes(2);
        return text;
    }

    private String array(int size) throws IOException {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(read());
        }
        return String.join("\n", elements);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis ended the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
