package dev.sluice.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One listening socket. Any thread may call; what it does, it does on the loop that accepts. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty's: tasks that cannot fail, and a close that is listened to
final class ListeningSocket {

    private static final long POLL_MS = 1;

    /** For handshakes that were begun: a round trip to a client that is not next door. */
    private static final long HANDSHAKES_MS = 200;

    private final ServerChannel channel;
    private int holds;

    ListeningSocket(ServerChannel channel) {
        this.channel = channel;
        channel.pipeline().addFirst(new AcceptPace(this));
    }

    boolean isClosed() {
        return channel.closeFuture().isDone();
    }

    boolean listensOn(int port) {
        return PausableTransport.isOn(channel.localAddress(), port);
    }

    /**
     * Runs an action on a loop while no connection is accepted. Those accepted before have reached their loop by then:
     * the loop's queue is in order, and what registers a connection may queue once more.
     */
    void hold(Executor loop, Runnable action) {
        channel.eventLoop().execute(() -> {
            pause();
            loop.execute(() -> loop.execute(() -> {
                try {
                    action.run();
                } finally {
                    channel.eventLoop().execute(this::release);
                }
            }));
        });
    }

    /** Accepts nothing until as many {@link #release()} came; on the loop that accepts. */
    void pause() {
        holds++;
        channel.config().setAutoRead(false);
    }

    void release() {
        holds--;
        if (holds == 0 && channel.isOpen()) {
            channel.config().setAutoRead(true);
        }
    }

    /**
     * Lets no new client in, then closes it right after an accept that found none: the kernel resets the clients that
     * wait in the backlog of a socket that is closed.
     */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        channel.closeFuture().addListener(done -> closed.tryComplete());
        channel.eventLoop().execute(() -> {
            long handshakesMs = SynFilter.attach(channel) ? HANDSHAKES_MS : 0;
            channel.eventLoop().schedule(this::closeBehindTheLast, handshakesMs, TimeUnit.MILLISECONDS);
        });
        return closed.future();
    }

    private void closeBehindTheLast() {
        Backlog backlog = new Backlog(acceptsPerRead());
        channel.pipeline().addFirst(backlog);
        closeWhenIdle(backlog);
    }

    private int acceptsPerRead() {
        RecvByteBufAllocator reads = channel.config().getRecvByteBufAllocator();
        return reads instanceof MaxMessagesRecvByteBufAllocator limited ? limited.maxMessagesPerRead() : 1;
    }

    /** The loop looks at its sockets before it runs a task that was due later. */
    private void closeWhenIdle(Backlog backlog) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (backlog.mayHoldMore) {
                                closeWhenIdle(backlog);
                            } else {
                                channel.close();
                            }
                        },
                        POLL_MS,
                        TimeUnit.MILLISECONDS);
    }

    /** Closes the socket as soon as a turn of accepts ended because none was left. */
    private static final class Backlog extends ChannelInboundHandlerAdapter {

        private final int acceptsPerRead;
        private int accepted;
        private boolean mayHoldMore;

        Backlog(int acceptsPerRead) {
            this.acceptsPerRead = acceptsPerRead;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object child) {
            accepted++;
            ctx.fireChannelRead(child);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            mayHoldMore = accepted >= acceptsPerRead;
            accepted = 0;
            ctx.fireChannelReadComplete();
            if (!mayHoldMore) {
                ctx.close();
            }
        }
    }
}
