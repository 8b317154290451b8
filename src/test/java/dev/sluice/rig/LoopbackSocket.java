package dev.sluice.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/**
 * A connection to a port of this machine, byte for byte. What fails is an {@link UncheckedIOException}, but for what is
 * read: there the reader decides. Blocks.
 */
final class LoopbackSocket implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    /**
     * Connects; over TLS the handshake is over.
     *
     * @param answerLimitMs how long a read waits
     */
    LoopbackSocket(Socket socket, int port, int answerLimitMs) {
        this.socket = socket;
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), answerLimitMs);
            socket.setSoTimeout(answerLimitMs);
            socket.setTcpNoDelay(true);
            if (socket instanceof SSLSocket secured) {
                secured.startHandshake();
            }
            in = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket socket() {
        return socket;
    }

    InputStream in() {
        return in;
    }

    /** In one write. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
