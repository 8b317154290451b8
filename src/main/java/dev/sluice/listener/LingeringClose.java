package dev.sluice.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection so that its last answer arrives. A socket that is closed with bytes unread sends a reset, and a
 * reset makes the client drop what it has not read yet; so the output ends first, what still comes in is dropped, and
 * the socket goes when the client ends its side, at the latest after {@value #LINGER_MS} ms.
 *
 * <p>Tells also when the client ends its side: it may still wait for an answer. Sits at the head of the pipeline, and
 * the events of the hot path pass it by. One per connection, on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // who closes holds the promise
public final class LingeringClose extends ChannelDuplexHandler {

    static final long LINGER_MS = 1_000;

    /** Swallows what a client sends to a connection that has ended. */
    private static final class Drop extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            // Nothing was read that anybody waits for.
        }
    }

    /** Nothing can be read after the client's end; asking epoll for it would fail the connection. */
    private static final class NoRead extends ChannelOutboundHandlerAdapter {
        @Override
        public void read(ChannelHandlerContext ctx) {
            // There is nothing to ask for.
        }
    }

    private final Runnable inputEnded;
    private final Runnable lost;
    private @Nullable ChannelPromise closing;
    private @Nullable ScheduledFuture<?> limit;
    private boolean inputIsOver;

    /**
     * For one connection.
     *
     * @param inputEnded runs when the client has ended its side
     * @param lost runs when the connection has failed, and is about to end
     */
    LingeringClose(Runnable inputEnded, Runnable lost) {
        this.inputEnded = inputEnded;
        this.lost = lost;
    }

    /** Has a connection that speaks no HTTP end so. */
    public static void of(ChannelPipeline pipeline) {
        pipeline.addFirst(new LingeringClose(() -> {}, () -> {}));
    }

    /** Ends the connection at once instead: what its client has not taken is dropped, and the client sees a reset. */
    public static void cut(ChannelPipeline pipeline) {
        pipeline.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        atOnce(pipeline);
    }

    /** Ends it without waiting for its client, which has sent nothing that would be answered. */
    public static void atOnce(ChannelPipeline pipeline) {
        ChannelHandlerContext lingering = pipeline.context(LingeringClose.class);
        if (lingering != null) {
            lingering.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
        if (event instanceof ChannelInputShutdownEvent) {
            inputIsOver = true;
            ctx.pipeline().addAfter(ctx.name(), null, new NoRead());
            if (closing != null) {
                ctx.close(closing);
            } else {
                inputEnded.run();
            }
        }
    }

    /**
     * A client that resets its connection, or one that cannot be written to, is gone. Vert.x would fail over such an
     * error where a pipelined request waits, with a line and a trace for each.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
        if (error instanceof IOException) {
            lost.run();
            ctx.close();
        } else {
            ctx.fireExceptionCaught(error);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closing != null) {
            ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else if (ctx.channel().isActive() && ctx.channel() instanceof DuplexChannel channel) {
            closing = promise;
            linger(ctx, channel, promise);
        } else {
            ctx.close(promise);
        }
    }

    private void linger(ChannelHandlerContext ctx, DuplexChannel channel, ChannelPromise promise) {
        ctx.pipeline().addAfter(ctx.name(), null, new Drop());
        channel.config().setAutoRead(true);
        limit = ctx.executor().schedule((Runnable) () -> ctx.close(promise), LINGER_MS, TimeUnit.MILLISECONDS);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (inputIsOver) {
                ctx.close(promise);
            } else {
                channel.shutdownOutput();
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (limit != null) {
            limit.cancel(false);
        }
        ctx.fireChannelInactive();
    }
}
