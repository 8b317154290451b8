package dev.sluice.load.http;

import dev.sluice.load.run.Carrier;
import dev.sluice.load.run.Line;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.RunLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The event loop of a run and the way to open connections on it: epoll where there is one. */
final class Connector implements Carrier, RunLoop {

    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final boolean epoll = Epoll.isAvailable();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("sluice-load", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final InetSocketAddress address;
    private final @Nullable Secured secured;
    private final HttpRequests requests;
    private final boolean readsOrderId;
    private byte[] scratch = new byte[64 * 1024];

    /**
     * To an address.
     *
     * @param secured by TLS; null for clear text
     * @param readsOrderId whether the ids of orders are read from single answers
     */
    Connector(InetSocketAddress address, @Nullable Secured secured, HttpRequests requests, boolean readsOrderId) {
        this.address = address;
        this.secured = secured;
        this.requests = requests;
        this.readsOrderId = readsOrderId;
    }

    @Override
    public RunLoop loop() {
        return this;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is never cancelled
    public void schedule(Runnable task, long delayNanos) {
        loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Line line(LoadRun run) {
        return new LoadConnection(run, this, requests, readsOrderId);
    }

    /** Room for the bytes of one read; on the loop. */
    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    /** Opens a connection; the handler hears of success, {@code onFailed} of the other case, once, both on the loop. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is the one that the listener is on
    void connect(LoadConnection handler, Consumer<Throwable> onFailed) {
        Consumer<Throwable> onFailure = once(onFailed);
        Class<? extends SocketChannel> channel = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        new Bootstrap()
                .group(loop)
                .channel(channel)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .handler(secured == null ? handler : secured.beneath(handler, onFailure))
                .connect(address)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        tell(onFailure, explained(done.cause()));
                    }
                });
    }

    /** A connection that is refused has no handshake either, and would be told twice, and opened again by both. */
    private static Consumer<Throwable> once(Consumer<Throwable> onFailed) {
        AtomicBoolean told = new AtomicBoolean();
        return cause -> {
            if (told.compareAndSet(false, true)) {
                onFailed.accept(cause);
            }
        };
    }

    /** One that has no socket fails on a thread of its own. */
    private void tell(Consumer<Throwable> onFailure, Throwable cause) {
        if (loop.inEventLoop()) {
            onFailure.accept(cause);
        } else if (!loop.isShuttingDown()) {
            loop.execute(() -> onFailure.accept(cause));
        }
    }

    /** A socket that cannot be had is a matter of this machine, a host that is out of reach one of the other. */
    private static Throwable explained(Throwable cause) {
        if (cause instanceof NoRouteToHostException) {
            return new ConnectException(cause.getMessage());
        }
        if (!(cause instanceof ChannelException)) {
            return cause;
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new IOException(
                "no socket can be had: " + root.getMessage()
                        + "; raise the limit of open files (ulimit -n) or give fewer --connections",
                cause);
    }

    /** Complete when every socket is closed. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the one that the listener is on
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(done -> closed.complete(null));
        return closed;
    }
}
