package dev.sluice.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * What a connection has brought beyond the requests that were served: bytes of a head that is not whole yet, and
 * pipelined requests that wait behind another. An instance that leaves must not end a connection over them. On the
 * connection's event loop.
 */
final class Traffic {

    /** While draining, what is read is handed on so much later: by then what came together has been read. */
    private static final long GATHER_MS = 5;

    private static final String VERTX_HANDLER = "handler";

    private boolean heard;
    private boolean draining;
    private long heads;

    /** To be called before the connection reads. */
    static Traffic of(HttpConnection connection) {
        Traffic traffic = new Traffic();
        if (connection instanceof ConnectionBase base) {
            Channel channel = base.channel();
            channel.pipeline().addFirst(traffic.new Bytes());
            channel.pipeline().addBefore(VERTX_HANDLER, null, traffic.new Heads());
        }
        return traffic;
    }

    /** From now on an answer must know whether requests came behind the one that it answers. */
    void drain() {
        draining = true;
    }

    /** Whether bytes came since the last call. */
    boolean heard() {
        boolean before = heard;
        heard = false;
        return before;
    }

    /** Whether more requests were read than those. */
    boolean hasMoreThan(long requests) {
        return heads > requests;
    }

    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            heard = true;
            ctx.fireChannelRead(message);
        }
    }

    /**
     * Counts requests, and keeps from Vert.x that its server is closing: it would end connections that are between
     * two requests at once. {@link Connections} ends them, and the server waits.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a task that ends with the connection
    private final class Heads extends ChannelInboundHandlerAdapter {

        private final Deque<Object> gathered = new ArrayDeque<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest) {
                heads++;
            }
            if (draining) {
                gather(ctx, message);
            } else {
                ctx.fireChannelRead(message);
            }
        }

        private void gather(ChannelHandlerContext ctx, Object message) {
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
}
