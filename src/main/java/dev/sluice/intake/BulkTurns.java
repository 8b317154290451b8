package dev.sluice.intake;

import dev.sluice.bulk.BulkWindow;
import dev.sluice.bus.OrderDispatcher;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Shares one event loop between the bulk requests on it and everything else: a turn handles a bounded number of
 * orders, the requests take part one after the other, and between two turns the loop is free. Orders wait here, not at
 * a writer, while the window is full. One per intake instance.
 *
 * <p>Turns are a timer apart: a task that only re-posts itself keeps Netty 4.2's loop from its sockets for up to a
 * second.
 */
public final class BulkTurns {

    private static final long PAUSE_MS = 1;

    /** So long after a live order the next one is expected. */
    private static final long LIVE_RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Vertx vertx;
    private final OrderDispatcher dispatcher;
    private final BulkWindow window;
    private final ArrayDeque<BulkRun> waiting = new ArrayDeque<>();
    private long liveOrders;
    private long liveSeenNanos = System.nanoTime() - LIVE_RECENT_NANOS - 1;
    private boolean paused;
    private boolean turning;

    public BulkTurns(Vertx vertx, OrderDispatcher dispatcher, BulkWindow window) {
        this.vertx = vertx;
        this.dispatcher = dispatcher;
        this.window = window;
    }

    /** Handles the request's orders from now on, until it has no more. */
    public void enter(BulkRun run) {
        waiting.add(run);
        if (!paused && !turning) {
            turn();
        }
    }

    private void turn() {
        turning = true;
        long beganNanos = System.nanoTime();
        observeLive(beganNanos);
        int share = waiting.size();
        while (share-- > 0 && goesOn(beganNanos)) {
            take(waiting.remove(), beganNanos);
        }
        turning = false;
        paused = !waiting.isEmpty();
        if (paused) {
            vertx.setTimer(PAUSE_MS, id -> turn());
        }
    }

    private void observeLive(long nowNanos) {
        if (dispatcher.liveOrders() != liveOrders) {
            liveOrders = dispatcher.liveOrders();
            liveSeenNanos = nowNanos;
        }
    }

    private boolean goesOn(long beganNanos) {
        return window.turnGoesOn(System.nanoTime() - beganNanos, beganNanos - liveSeenNanos <= LIVE_RECENT_NANOS);
    }

    private void take(BulkRun run, long beganNanos) {
        boolean late = run.isLate(beganNanos);
        int left = late ? Integer.MAX_VALUE : room();
        while (left-- > 0 && run.hasMore() && (late || run.hasRoom()) && goesOn(beganNanos)) {
            run.next(beganNanos);
        }
        if (run.hasMore()) {
            waiting.add(run);
        }
    }

    private int room() {
        return dispatcher.hasRoomForBulk() ? window.turnOrders() : 0;
    }
}
