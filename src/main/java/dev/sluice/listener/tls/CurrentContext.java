package dev.sluice.listener.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * The TLS context of a listener, whose content can change: each connection keeps the one that it began with. Nothing
 * that is established ends by a change, and no handshake sees half of one. Any thread.
 */
final class CurrentContext extends SslContext {

    private final Handshakes handshakes;
    private volatile SslContext current;

    CurrentContext(SslContext first, Handshakes handshakes) {
        this.current = first;
        this.handshakes = handshakes;
    }

    /** For connections from now on. */
    void change(SslContext next) {
        current = next;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return current.newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return current.newEngine(allocator, peerHost, peerPort);
    }

    @Override
    protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor executor) {
        return new HandshakeHandler(newEngine(allocator), startTls, executor, handshakes);
    }

    @Override
    protected SslHandler newHandler(
            ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor executor) {
        return new HandshakeHandler(newEngine(allocator, peerHost, peerPort), startTls, executor, handshakes);
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return current.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // of Netty; its own type asks for it
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current.applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current.sessionContext();
    }
}
