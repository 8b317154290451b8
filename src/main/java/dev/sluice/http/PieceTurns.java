package dev.sluice.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Shares one event loop between the long answers on it and everything else: they make their pieces one after the other,
 * together for half a millisecond, and then the loop is free for one. Turns are a timer apart: a task that only re-posts
 * itself keeps Netty 4.2's loop from its sockets. One per intake instance.
 */
final class PieceTurns implements Executor {

    private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long PAUSE_MS = 1;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean paused;
    private boolean turning;

    /** Runs the action, which makes one piece, when its turn comes; on the loop that calls. */
    @Override
    public void execute(Runnable onePiece) {
        waiting.add(onePiece);
        if (!paused && !turning) {
            turn(Objects.requireNonNull(Vertx.currentContext(), "not on an event loop"));
        }
    }

    private void turn(Context loop) {
        turning = true;
        long beganNanos = System.nanoTime();
        while (!waiting.isEmpty() && System.nanoTime() - beganNanos < TURN_NANOS) {
            waiting.remove().run();
        }
        turning = false;
        paused = true;
        loop.owner().setTimer(PAUSE_MS, id -> {
            paused = false;
            if (!waiting.isEmpty()) {
                turn(loop);
            }
        });
    }
}
