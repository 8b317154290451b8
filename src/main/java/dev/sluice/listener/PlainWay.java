package dev.sluice.listener;

import dev.sluice.listener.request.PlainOrders;
import dev.sluice.listener.request.PlainRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes plain orders past the general decoder, which lies behind it and gets everything else byte for byte. A plain
 * order is taken where a request begins and no other one is in progress. What comes behind it waits here, unread by
 * anything, until it is answered. One per connection, on its event loop.
 */
final class PlainWay extends ChannelInboundHandlerAdapter {

    /** Beyond so many bytes behind an order that is not answered the socket is left alone; one read may pass it. */
    private static final int WAITING_BYTES_MAX = 16 * 1024;

    private final HttpConnection connection;
    private final RequestDecoder decoder;
    private final BooleanSupplier isIdle;
    private final PlainOrders orders;
    private final Deque<Object> waiting = new ArrayDeque<>(2);
    private @Nullable ChannelHandlerContext ctx;
    private int waitingBytes;
    private boolean inProgress;
    private boolean passing;
    private boolean leftAlone;
    private boolean closed;

    /**
     * The way past the decoder of one connection.
     *
     * @param isIdle whether every request that the decoder has read is answered
     */
    PlainWay(HttpConnection connection, RequestDecoder decoder, BooleanSupplier isIdle, PlainOrders orders) {
        this.connection = connection;
        this.decoder = decoder;
        this.isIdle = isIdle;
        this.orders = orders;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    /** From now on everything goes the general way. */
    void close() {
        closed = true;
    }

    /** Whether bytes wait behind an order in progress. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    @Override
    public void channelRead(ChannelHandlerContext added, Object message) {
        waiting.add(message);
        waitingBytes += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        passOn(added);
        if (waitingBytes > WAITING_BYTES_MAX && !leftAlone) {
            leftAlone = true;
            added.channel().config().setAutoRead(false);
        }
    }

    /** The end of what a client sends waits behind what it has sent. */
    @Override
    public void userEventTriggered(ChannelHandlerContext added, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !waiting.isEmpty()) {
            waiting.add(event);
        } else {
            added.fireUserEventTriggered(event);
        }
    }

    /** The request in progress has its answer. */
    void answered() {
        ChannelHandlerContext to = ctx;
        if (!inProgress || to == null) {
            return;
        }
        inProgress = false;
        if (leftAlone) {
            leftAlone = false;
            to.channel().config().setAutoRead(true); // before Vert.x sees what waits, and perhaps wants no more
        }
        if (!waiting.isEmpty() && !passing) {
            passOn(to);
            to.fireChannelReadComplete();
        }
    }

    private void passOn(ChannelHandlerContext to) {
        if (passing) {
            return;
        }
        passing = true;
        try {
            while (!inProgress && !waiting.isEmpty()) {
                Object message = waiting.element();
                PlainRequest order = message instanceof ByteBuf bytes ? plainOrder(to, bytes) : null;
                if (order == null) {
                    passOn(to, waiting.remove());
                } else {
                    inProgress = true;
                    orders.serve(order);
                }
            }
        } finally {
            passing = false;
        }
    }

    private void passOn(ChannelHandlerContext to, Object message) {
        if (message instanceof ChannelInputShutdownEvent) {
            to.fireUserEventTriggered(message);
        } else {
            waitingBytes -= message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
            to.fireChannelRead(message);
        }
    }

    private @Nullable PlainRequest plainOrder(ChannelHandlerContext to, ByteBuf bytes) {
        boolean between = decoder.isBetweenRequests() && isIdle.getAsBoolean();
        int before = bytes.readableBytes();
        PlainRequest order =
                between && !closed && to.channel().isWritable() ? orders.next(bytes, connection, to) : null;
        if (order != null) {
            decoder.passedBy();
            waitingBytes -= before - bytes.readableBytes();
            if (!bytes.isReadable()) {
                waiting.remove();
                bytes.release();
            }
        }
        return order;
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        gone.fireChannelInactive();
    }
}
