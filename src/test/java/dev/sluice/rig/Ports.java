package dev.sluice.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of 127.0.0.1. */
public final class Ports {

    private Ports() {}

    /** One on which nothing listens now. */
    public static int free() {
        try (ServerSocket socket = listen(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
