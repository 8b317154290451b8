package dev.sluice.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Future;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of one Vert.x, for what its servers cannot do: to accept no connection for a moment, and to
 * stop listening before connections end. It is Vert.x's own transport, which tells it of each socket. Thread safe.
 *
 * <p>Between the accept of a connection and its arrival at an instance lies a queue; an instance that leaves
 * meanwhile would have the connection closed unread, which its client sees as a reset.
 */
public final class PausableTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(PausableTransport.class);

    private final io.vertx.core.transport.Transport kind;
    private final Transport transport;
    private final List<ListeningSocket> sockets = new CopyOnWriteArrayList<>();

    private PausableTransport(io.vertx.core.transport.Transport kind) {
        this.kind = kind;
        this.transport = kind.implementation();
    }

    /** With the machine's own transport where it can be used; NIO does the same with more work. */
    public static PausableTransport ofThisMachine() {
        io.vertx.core.transport.Transport own = io.vertx.core.transport.Transport.nativeTransport();
        if (own != null && own.available()) {
            return new PausableTransport(own);
        }
        LOG.warn(
                "{} cannot be used, NIO carries the bytes: its library needs a folder for a moment, java.io.tmpdir ({}) or"
                        + " io.netty.native.workdir, that can be written and run from",
                own == null ? "the native transport" : own.name(),
                System.getProperty("java.io.tmpdir"));
        return new PausableTransport(io.vertx.core.transport.Transport.NIO);
    }

    /** What carries the bytes: {@code epoll} or {@code nio}. */
    public String name() {
        return kind.name();
    }

    /** What Vert.x is to be built with. */
    public io.vertx.core.transport.Transport transport() {
        return new io.vertx.core.transport.Transport() {
            @Override
            public String name() {
                return kind.name();
            }

            @Override
            public boolean available() {
                return kind.available();
            }

            @Override
            public Throwable unavailabilityCause() {
                return kind.unavailabilityCause();
            }

            @Override
            public Transport implementation() {
                return PausableTransport.this;
            }
        };
    }

    /** Runs an action on an event loop while no connection is on its way from the socket of that port to a loop. */
    public void hold(int port, Executor loop, Runnable action) {
        ListeningSocket socket = on(port);
        if (socket == null) {
            loop.execute(action);
        } else {
            socket.hold(loop, action);
        }
    }

    /** Stops listening on a port: clients in the backlog are still accepted, later ones are refused. */
    public Future<Void> close(int port) {
        ListeningSocket socket = on(port);
        return socket == null ? Future.succeededFuture() : socket.close();
    }

    private @Nullable ListeningSocket on(int port) {
        sockets.removeIf(ListeningSocket::isClosed);
        return sockets.stream()
                .filter(socket -> socket.listensOn(port))
                .findFirst()
                .orElse(null);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> factory = transport.serverChannelFactory(domainSocket);
        return () -> {
            ServerChannel channel = factory.newChannel();
            sockets.add(new ListeningSocket(channel));
            return channel;
        };
    }

    @Override
    public boolean supportsDomainSockets() {
        return transport.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return transport.supportFileRegion();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return transport.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return transport.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return transport.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // of Netty; the transport's interface asks for it
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return transport.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return transport.channelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        transport.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        transport.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        transport.configure(options, domainSocket, bootstrap);
    }

    static boolean isOn(SocketAddress address, int port) {
        return address instanceof InetSocketAddress inet && inet.getPort() == port;
    }
}
