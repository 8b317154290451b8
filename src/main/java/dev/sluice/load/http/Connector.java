package dev.sluice.load.http;

import dev.sluice.load.run.Carrier;
import dev.sluice.load.run.Line;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.RunLoop;
import io.netty.bootstrap.Bootstrap;
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
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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

    /** Opens a connection; the handler hears of success, {@code onFailure} of the other case, both on the loop. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is the one that the listener is on
    void connect(LoadConnection handler, Consumer<Throwable> onFailure) {
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
                        onFailure.accept(done.cause());
                    }
                });
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is a daemon thread
    public CompletionStage<Void> close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        return CompletableFuture.completedFuture(null);
    }
}
