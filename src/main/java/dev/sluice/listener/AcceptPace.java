package dev.sluice.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stops accepting while {@value #AHEAD_MAX} accepted connections have not reached their event loop yet. The loop that
 * accepts is faster than one that sets connections up: without this bound a storm of new ones would queue before the
 * answers to those that are open. The rest wait in the kernel's backlog. One per listening socket, on the loop that
 * accepts.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {

    static final int AHEAD_MAX = 16;

    private final ListeningSocket socket;
    private int ahead;

    AcceptPace(ListeningSocket socket) {
        this.socket = socket;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Netty's: tasks that cannot fail
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        ctx.fireChannelRead(accepted);
        Channel connection = (Channel) accepted;
        if (!connection.isOpen()) {
            return;
        }
        if (++ahead == AHEAD_MAX) {
            socket.pause();
        }
        connection.eventLoop().execute(() -> ctx.executor().execute(this::arrived)); // behind its registration
    }

    private void arrived() {
        if (ahead-- == AHEAD_MAX) {
            socket.release();
        }
    }
}
