package dev.sluice.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Accepts no faster than connections are set up, and not so fast that those that are open wait for it. The loop that
 * accepts is faster than one that sets connections up: without a bound a storm of new ones would queue before the answers
 * to the others. So {@value #AHEAD_MAX} accepted connections at most have not reached their loop yet; and beyond {@value
 * #AT_ONCE_MAX} at once, one core accepts {@value #PER_SECOND_AND_CORE} a second. The rest wait in the kernel's backlog.
 * One per listening socket, on the loop that accepts.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {

    static final int AHEAD_MAX = 16;
    static final int AT_ONCE_MAX = 1_024;
    static final int PER_SECOND_AND_CORE = 1_000;

    static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1)
            / (PER_SECOND_AND_CORE * (long) Runtime.getRuntime().availableProcessors());

    private final ListeningSocket socket;
    private int ahead;
    private long dueNanos = System.nanoTime();

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
        EventExecutor accepting = ctx.executor();
        connection.eventLoop().execute(() -> accepting.execute(() -> arrived(accepting))); // behind its registration
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void arrived(EventExecutor accepting) {
        long pauseNanos = pauseNanos(System.nanoTime());
        if (pauseNanos > 0) {
            accepting.schedule(this::makeRoom, pauseNanos, TimeUnit.NANOSECONDS);
        } else {
            makeRoom();
        }
    }

    /** How long the place of one more connection is kept; not positive while fewer came at once than may. */
    long pauseNanos(long nowNanos) {
        long earliest = nowNanos - AT_ONCE_MAX * NANOS_EACH;
        dueNanos = (dueNanos - earliest > 0 ? dueNanos : earliest) + NANOS_EACH;
        return dueNanos - nowNanos;
    }

    private void makeRoom() {
        if (ahead-- == AHEAD_MAX) {
            socket.release();
        }
    }
}
