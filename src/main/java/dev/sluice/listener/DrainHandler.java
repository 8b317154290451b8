package dev.sluice.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * On each connection of an instance that leaves. Hands on what was decoded {@value #GATHER_MS} ms later, so that an
 * answer knows whether pipelined requests came behind its own. Keeps from Vert.x that its server is closing: Vert.x
 * would end connections that are between two requests at once. {@link Connections} ends them, and the server waits.
 * One per connection, on its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task that ends with the connection
final class DrainHandler extends ChannelInboundHandlerAdapter {

    private static final long GATHER_MS = 5;

    private final Deque<Object> gathered = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (gathered.isEmpty()) {
            ctx.executor().schedule(() -> handOn(ctx), GATHER_MS, TimeUnit.MILLISECONDS);
        }
        gathered.add(message);
    }

    private void handOn(ChannelHandlerContext ctx) {
        for (Object message = gathered.poll(); message != null; message = gathered.poll()) {
            if (ctx.isRemoved()) {
                ReferenceCountUtil.release(message);
            } else {
                ctx.fireChannelRead(message);
            }
        }
        if (!ctx.isRemoved()) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean deferred = event instanceof ShutdownEvent closing && closing.timeout() > 0;
        if (!deferred) {
            ctx.fireUserEventTriggered(event);
        }
    }
}
