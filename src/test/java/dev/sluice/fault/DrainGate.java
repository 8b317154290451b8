package dev.sluice.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a node and Redis and, once shut, lets no acknowledgement of an entry pass: the first piece with an XACK
 * and whatever its connection sends after it are dropped. All else passes.
 */
final class DrainGate implements AutoCloseable {

    private static final String ACKNOWLEDGE = "XACK";

    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean shut;
    private volatile boolean holds;

    private DrainGate(int target) throws IOException {
        this.target = target;
        start("accept", this::accept);
    }

    static DrainGate before(int redisPort) throws IOException {
        return new DrainGate(redisPort);
    }

    /** The server's URI, by way of the gate. */
    String uri(String redisUri) {
        return redisUri.replaceFirst(":\\d+$", ":" + listener.getLocalPort());
    }

    void shut() {
        shut = true;
    }

    /** Whether an acknowledgement was held back. */
    boolean holds() {
        return holds;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target);
                open.add(server);
                start("up", () -> pass(client, server, true));
                start("down", () -> pass(server, client, false));
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    System.err.println("gate: " + ended);
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean commands) {
        byte[] bytes = new byte[16_384];
        boolean held = false;
        String before = "";
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (commands && shut) {
                    String text = before + new String(bytes, 0, count, ISO_8859_1);
                    held |= text.toUpperCase(Locale.ROOT).contains(ACKNOWLEDGE);
                    holds |= held;
                    before = text.substring(Math.max(0, text.length() - ACKNOWLEDGE.length() + 1));
                }
                if (!held) {
                    out.write(bytes, 0, count);
                }
            }
        } catch (IOException cut) {
            // either end left: the other one is closed too
        }
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, "gate-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
