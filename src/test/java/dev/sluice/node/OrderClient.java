package dev.sluice.node;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * One keep-alive connection after another to the order API, over a bare socket: sends orders until told to stop, does
 * what {@code Connection: close} asks for and retries nothing. Everything that a correct client must not see is a
 * failure: a reset, an end of stream in the middle of an answer or without one.
 */
final class OrderClient implements Runnable {

    /** What all clients of a run have seen. */
    static final class Log {

        private static final long LIMIT_NANOS = 30_000_000_000L;

        /** Waits until so many more requests than now were answered: the load runs. */
        void awaitMore(int more) throws InterruptedException {
            int enough = answers.size() + more;
            long began = System.nanoTime();
            while (answers.size() < enough) {
                if (System.nanoTime() - began > LIMIT_NANOS) {
                    throw new AssertionError("void: there was no load: " + answers.size() + " answers, " + failures);
                }
                Thread.sleep(5);
            }
        }

        final Map<String, Integer> answers = new ConcurrentHashMap<>();
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final Queue<String> refusals = new ConcurrentLinkedQueue<>();
        final Queue<String> refusedConnections = new ConcurrentLinkedQueue<>();

        long count(int status) {
            return answers.values().stream().filter(seen -> seen == status).count();
        }
    }

    private static final int TIMEOUT_MS = 20_000;

    private final int port;
    private final String tag;
    private final int requestsPerConnection;
    private final long pauseMs;
    private final BooleanSupplier goOn;
    private final Log log;
    private int sent;

    /** @param requestsPerConnection after which it closes by itself, so that connections come and go */
    OrderClient(int port, String tag, int requestsPerConnection, long pauseMs, BooleanSupplier goOn, Log log) {
        this.port = port;
        this.tag = tag;
        this.requestsPerConnection = requestsPerConnection;
        this.pauseMs = pauseMs;
        this.goOn = goOn;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (goOn.getAsBoolean()) {
                connection();
            }
        } catch (ConnectException e) {
            log.refusedConnections.add(tag);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.failures.add(tag + "-" + sent + ": " + e);
        }
    }

    private void connection() throws IOException, InterruptedException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean open = true;
            for (int i = 0; open && i < requestsPerConnection && goOn.getAsBoolean(); i++) {
                sent++;
                String key = tag + "-" + sent;
                socket.getOutputStream().write(request(key));
                open = answer(in, key);
                if (pauseMs > 0) {
                    Thread.sleep(pauseMs);
                }
            }
        }
    }

    static byte[] request(String key) {
        String body = "{\"clientOrderId\":\"" + key + "\",\"customerId\":\"c\",\"currency\":\"EUR\","
                + "\"items\":[{\"sku\":\"A\",\"quantity\":1,\"unitPrice\":\"1\"}]}";
        return ("POST /orders HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the connection may be used again. */
    private boolean answer(InputStream in, String key) throws IOException {
        Answer answer = Answer.read(in);
        log.answers.put(key, answer.status());
        if (answer.status() >= 300) {
            log.refusals.add(key + ": " + answer.body());
        }
        return !answer.last();
    }

    /** One answer. */
    record Answer(int status, boolean last, String body) {

        static Answer read(InputStream in) throws IOException {
            int status = Integer.parseInt(line(in).substring(9, 12));
            int length = 0;
            boolean last = false;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                String lower = header.toLowerCase(Locale.ROOT);
                last |= lower.equals("connection: close");
                length = lower.startsWith("content-length:")
                        ? Integer.parseInt(header.substring(15).strip())
                        : length;
            }
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new IOException("the end came in the middle of a body");
            }
            return new Answer(status, last, new String(body, StandardCharsets.UTF_8));
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the end came " + (line.isEmpty() ? "without an answer" : "in a head"));
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }
}
