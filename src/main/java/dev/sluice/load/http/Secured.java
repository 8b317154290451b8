package dev.sluice.load.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.net.ConnectException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * TLS to a target, whose certificate has to be of its name.
 *
 * @param trust whose certificates are taken
 * @param host the target's name
 */
record Secured(SSLContext trust, String host, int port) {

    /** A connection whose handler joins when the handshake is over; {@code onFailure} hears why it is not. */
    ChannelHandler beneath(ChannelHandler handler, Consumer<Throwable> onFailure) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                SslHandler tls = new SslHandler(engine());
                channel.pipeline().addLast(tls);
                tls.handshakeFuture().addListener(over -> {
                    if (over.isSuccess()) {
                        channel.pipeline().addLast(handler);
                        channel.pipeline().fireChannelActive();
                    } else {
                        onFailure.accept(refused(over.cause()));
                    }
                });
            }
        };
    }

    private SSLEngine engine() {
        SSLEngine engine = trust.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static ConnectException refused(Throwable cause) {
        ConnectException refused = new ConnectException("TLS does not stand: " + cause.getMessage());
        refused.initCause(cause);
        return refused;
    }
}
