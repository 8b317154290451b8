package dev.sluice.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a node and a server. It passes all bytes on, keeps the server's answers to itself on
 * demand, or does with a connection what a {@link Behaviour} says. Two threads a connection.
 */
public final class TcpProxy implements AutoCloseable {

    /** What the proxy does with a connection, from its begin to its end; the proxy closes both sockets then. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Socket client, Socket server) throws IOException;
    }

    /** What is passed on of some bytes of one direction. */
    @FunctionalInterface
    public interface Filter {
        /** How many of the first bytes are passed on; the rest is dropped. */
        int passes(byte[] bytes, int count);
    }

    private static final int BACKLOG = 64;

    private final ServerSocket listener;
    private final URI target;
    private final Behaviour behaviour;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong answerBytesLeft = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean mute;
    private volatile boolean refuses;

    private TcpProxy(ServerSocket listener, String targetUri, @Nullable Behaviour behaviour) {
        this.target = URI.create(targetUri);
        this.behaviour = behaviour == null ? this::passAll : behaviour;
        this.listener = listener;
        start(this::accept);
    }

    /** Passes everything on at first; listens on a port of loopback, 0 for any free one. */
    public static TcpProxy at(int port, String targetUri) throws IOException {
        return new TcpProxy(Ports.listen(port), targetUri, null);
    }

    /** Passes everything on at first; listens on any free port of an address of this machine. */
    public static TcpProxy on(String address, String targetUri) throws IOException {
        return new TcpProxy(new ServerSocket(0, BACKLOG, InetAddress.getByName(address)), targetUri, null);
    }

    /** Does with each connection as it is told. */
    public static TcpProxy with(String targetUri, Behaviour behaviour) throws IOException {
        return new TcpProxy(Ports.listen(0), targetUri, behaviour);
    }

    /** Passes all answers on, and of what clients send what a filter of the connection's own says. */
    public static Behaviour filtering(Supplier<Filter> filters) {
        return filtering(filters, (bytes, count) -> count);
    }

    /** The same, and of what servers say, over all connections, what another filter says. */
    public static Behaviour filtering(Supplier<Filter> filters, Filter answers) {
        return (client, server) -> {
            Filter filter = filters.get();
            start(() -> pass(server, client, answers));
            pump(client, server, filter);
        };
    }

    /** The server's URI, by way of the proxy. */
    public String uri() {
        String place = listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
        return target.toString().replaceFirst("@[^@/:]+:\\d+", "@" + place);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections so far. */
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

    /** Bytes of answers that were dropped so far, while it was mute. */
    public long dropped() {
        return dropped.get();
    }

    public boolean isMute() {
        return mute;
    }

    /** Ends every connection that passes now; new ones are taken. */
    public void cut() {
        List<Socket> cut = List.copyOf(open);
        cut.forEach(TcpProxy::close);
        cut.forEach(open::remove);
    }

    /** From now on no connection lives, or all do. */
    public void refuse(boolean refuse) {
        refuses = refuse;
        if (refuse) {
            cut();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refuses) {
                    close(client);
                    continue;
                }
                accepted.incrementAndGet();
                Socket server = new Socket(target.getHost(), target.getPort());
                open.add(client);
                open.add(server);
                start(() -> serve(client, server));
                if (refuses || listener.isClosed()) {
                    cut();
                }
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    System.err.println("proxy: " + ended);
                }
            }
        }
    }

    private void serve(Socket client, Socket server) {
        try (client;
                server) {
            behaviour.serve(client, server);
        } catch (IOException cut) {
            // either end left: the other one is closed too
        } finally {
            open.remove(client);
            open.remove(server);
        }
    }

    private void passAll(Socket client, Socket server) throws IOException {
        start(() -> pass(server, client, (bytes, count) -> heard(count)));
        pump(client, server, (bytes, count) -> count);
    }

    /** How much of what the server says its client hears. */
    private int heard(int count) {
        if (mute) {
            dropped.addAndGet(count);
            return 0;
        }
        long left = answerBytesLeft.getAndAdd(-count);
        mute = left < count;
        return (int) Math.max(0, Math.min(left, count));
    }

    private static void pass(Socket from, Socket to, Filter filter) {
        try (from;
                to) {
            pump(from, to, filter);
        } catch (IOException cut) {
            // either end left: the other one is closed too
        }
    }

    private static void pump(Socket from, Socket to, Filter filter) throws IOException {
        byte[] bytes = new byte[1 << 16];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            out.write(bytes, 0, filter.passes(bytes, count));
        }
    }

    /** A thread that ends with the JVM at the latest. */
    public static void start(Runnable body) {
        Thread thread = new Thread(body, "proxy");
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
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
