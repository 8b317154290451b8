package dev.sluice.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a node and PostgreSQL: passes bytes on, and on demand keeps the server's answers to itself. */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final String targetUri;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong answerBytesLeft = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean mute;

    private TcpProxy(int port, String targetUri) throws IOException {
        this.targetUri = targetUri;
        URI uri = URI.create(targetUri);
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort());
        listener = new ServerSocket(port, 64, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        start("accept", this::accept);
    }

    /** Listens on a port, 0 for any free one. */
    public static TcpProxy at(int port, String targetUri) throws IOException {
        return new TcpProxy(port, targetUri);
    }

    /** The database's URI, by way of the proxy. */
    public String uri() {
        return targetUri.replaceFirst("@[^/]+/", "@127.0.0.1:" + listener.getLocalPort() + "/");
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int accepted() {
        return accepted.get();
    }

    /** From now on what the server says is dropped; what clients send still reaches it. */
    public void mute(boolean dropAnswers) {
        answerBytesLeft.set(Long.MAX_VALUE);
        mute = dropAnswers;
    }

    /** Mutes after so many bytes more, over all connections: most likely within an answer. */
    public void muteAfter(long bytes) {
        answerBytesLeft.set(bytes);
    }

    public boolean isMute() {
        return mute;
    }

    /** Of what the server says, how much its client hears. */
    private int heard(int count) {
        if (mute) {
            return 0;
        }
        long left = answerBytesLeft.getAndAdd(-count);
        mute = left < count;
        return (int) Math.max(0, Math.min(left, count));
    }

    /** Ends every connection that passes now; new ones are taken. */
    public void cut() {
        open.forEach(TcpProxy::close);
        open.clear();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                Socket server = new Socket();
                open.add(client);
                open.add(server);
                server.connect(target, 5_000);
                if (listener.isClosed()) {
                    cut();
                    return;
                }
                start("up", () -> pass(client, server, false));
                start("down", () -> pass(server, client, true));
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    System.err.println("proxy: " + ended);
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean answers) {
        byte[] bytes = new byte[16_384];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(bytes);
            while (count >= 0) {
                out.write(bytes, 0, answers ? heard(count) : count);
                count = in.read(bytes);
            }
        } catch (IOException cut) {
            // either end left: the other one is closed too
        }
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
