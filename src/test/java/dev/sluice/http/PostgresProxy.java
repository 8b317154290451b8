package dev.sluice.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands between a node and its PostgreSQL, and passes on, keeps back answers, or refuses. */
final class PostgresProxy implements AutoCloseable {

    /** What happens to the bytes. */
    enum Mode {
        PASS,
        /** PostgreSQL hears everything; what it says is kept back. */
        KEEP_ANSWERS,
        /** No connection lives. */
        REFUSE
    }

    private static final Logger LOG = LoggerFactory.getLogger(PostgresProxy.class);

    private final URI target;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.PASS;

    PostgresProxy(String targetUri) {
        this.target = URI.create(targetUri);
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** The URI of the target by way of this proxy. */
    String uri() {
        return target.toString().replace(":" + target.getPort() + "/", ":" + listening.getLocalPort() + "/");
    }

    void set(Mode next) {
        mode = next;
        if (next == Mode.REFUSE) {
            sockets.forEach(PostgresProxy::close);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                if (mode == Mode.REFUSE) {
                    close(client);
                } else {
                    join(client, new Socket(target.getHost(), target.getPort()));
                }
            }
        } catch (IOException closed) {
            LOG.debug("the proxy ends: {}", closed.getMessage());
        }
    }

    private void join(Socket client, Socket server) {
        sockets.add(client);
        sockets.add(server);
        daemon(() -> pump(client, server, false));
        daemon(() -> pump(server, client, true));
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[16_384];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                if (!answers || mode == Mode.PASS) {
                    to.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException gone) {
            LOG.debug("a proxied connection ends: {}", gone.getMessage());
        }
        close(from);
        close(to);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "postgres-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("cannot close: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        set(Mode.REFUSE);
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
