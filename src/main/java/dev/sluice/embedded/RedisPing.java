package dev.sluice.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a Redis on 127.0.0.1, with its password, whether it takes commands. Blocks for a second at most. */
final class RedisPing {

    private static final int TIMEOUT_MS = 500;
    private static final int ANSWER_BYTES_MAX = 1_024;

    private RedisPing() {}

    /** Whether it answered PONG; no while it still reads its file, or where another server listens. */
    static boolean answers(int port, String user, String password) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream()
                    .write(("AUTH " + user + " " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            return twoLines(socket.getInputStream()).equals("+OK\r\n+PONG\r\n");
        } catch (IOException e) {
            return false; // not there yet; its log says why it never comes
        }
    }

    private static String twoLines(InputStream answer) throws IOException {
        StringBuilder text = new StringBuilder();
        int lines = 0;
        while (lines < 2 && text.length() < ANSWER_BYTES_MAX) {
            int next = answer.read();
            if (next < 0) {
                return "";
            }
            text.append((char) next);
            lines += next == '\n' ? 1 : 0;
        }
        return text.toString();
    }
}
