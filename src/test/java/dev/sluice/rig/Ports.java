package dev.sluice.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of 127.0.0.1. */
public final class Ports {

    /** Below those that a system gives to outgoing connections, which could take the port before the test does. */
    private static final int FIRST = 15_000;

    private static final int END = 32_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger(FIRST + (int) (ProcessHandle.current().pid() * 97 % (END - FIRST)));

    private Ports() {}

    /** One on which nothing listens now, and that this process was not given lately. */
    public static int free() {
        for (int i = FIRST; i < END; i++) {
            int port = NEXT.getAndUpdate(last -> last + 1 == END ? FIRST : last + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("no port is free from " + FIRST + " to " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = listen(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Takes a port, 0 for any free one. */
    public static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 64, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    /** A URI on 127.0.0.1 with another port. */
    public static String moved(String uri, int port) {
        return uri.replaceFirst("@127\\.0\\.0\\.1:\\d+", "@127.0.0.1:" + port);
    }
}
