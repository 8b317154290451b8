package dev.sluice.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running node holds, and the order in which it is let go: last started, first stopped, all within one limit. A
 * signal stops it all and ends the process with exit code 0. A start that is under way is finished first, so that
 * nothing is left behind; what can be stopped while it starts is held before that. Thread safe.
 */
final class Lifetime implements AutoCloseable {

    /** What the last one gets, however long the others took: enough to be killed. */
    private static final Duration STOP_MIN = Duration.ofSeconds(3);

    /** How a started thing is stopped, and how long it may take. */
    interface Stop<T> {
        void stop(T started, Duration left) throws Exception;
    }

    private interface Held {
        void stop(Duration left) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

    private final Duration limit;
    private final Deque<Held> held = new ArrayDeque<>();
    private final Thread hook = new Thread(this::onSignal, "sluice-shutdown");
    private volatile boolean over;

    /** @param limit from the signal to the end, but for what the last one needs to be killed */
    Lifetime(Duration limit) {
        this.limit = limit;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a thing and holds it. */
    synchronized <T> T start(Callable<T> start, Stop<T> stop) throws Exception {
        requireNotOver();
        T started = start.call();
        held.push(left -> stop.stop(started, left));
        return started;
    }

    /** Holds a thing that can be stopped before and while it starts. */
    synchronized <T> T hold(T thing, Stop<T> stop) {
        requireNotOver();
        held.push(left -> stop.stop(thing, left));
        return thing;
    }

    private void requireNotOver() {
        if (over) {
            throw new CliException(ExitCodes.FAILED, "stopped while starting");
        }
    }

    /** The thread of its own is for a start that does not end: the process does. */
    private void onSignal() {
        LOG.info("stopping");
        over = true;
        Thread stopping = new Thread(this::stopAll, "sluice-stop");
        stopping.start();
        try {
            stopping.join(limit.plus(STOP_MIN).toMillis());
        } catch (InterruptedException e) {
            LOG.debug("a shutdown hook was interrupted", e);
        }
        LOG.info(stopping.isAlive() ? "not everything could be stopped in time" : "stopped");
        Runtime.getRuntime().halt(stopping.isAlive() ? ExitCodes.FAILED : ExitCodes.OK);
    }

    private synchronized void stopAll() {
        over = true;
        long beganNanos = System.nanoTime();
        while (!held.isEmpty()) {
            Duration left = limit.minusNanos(System.nanoTime() - beganNanos);
            try {
                held.pop().stop(left.compareTo(STOP_MIN) < 0 ? STOP_MIN : left);
            } catch (Exception e) {
                LOG.error("could not be stopped cleanly", e);
            }
        }
    }

    /** Stops everything, for a start that failed; after a signal it is the signal that does. */
    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException signalled) {
            LOG.debug("a signal came first", signalled);
        }
    }
}
