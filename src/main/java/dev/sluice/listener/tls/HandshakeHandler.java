package dev.sluice.listener.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;

/** TLS of one connection; until its handshake is over it counts among the {@link Handshakes}. On its event loop. */
final class HandshakeHandler extends SslHandler {

    private final Handshakes handshakes;

    HandshakeHandler(SSLEngine engine, boolean startTls, Executor executor, Handshakes handshakes) {
        super(engine, startTls, executor);
        this.handshakes = handshakes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        long number = handshakes.began(ctx.channel());
        handshakeFuture().addListener(over -> handshakes.ended(number));
    }
}
