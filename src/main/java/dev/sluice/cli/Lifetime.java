package dev.sluice.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running node holds, and the order in which it is let go: last started, first stopped. A signal stops it all
 * and ends the process with exit code 0; a start that is under way is finished first, so that nothing is left behind.
 * Thread safe.
 */
final class Lifetime implements AutoCloseable {

    /** How a started thing is stopped. */
    interface Stop<T> {
        void stop(T started) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private final Thread hook = new Thread(this::onSignal, "sluice-shutdown");
    private boolean over;

    Lifetime() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a thing and holds it. */
    synchronized <T> T start(Callable<T> start, Stop<T> stop) throws Exception {
        if (over) {
            throw new CliException(ExitCodes.FAILED, "stopped while starting");
        }
        T started = start.call();
        held.push(() -> stop.stop(started));
        return started;
    }

    /** Blocks until a signal ends the process. */
    static void untilSignal() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private void onSignal() {
        LOG.info("stopping");
        stopAll();
        LOG.info("stopped");
        Runtime.getRuntime().halt(ExitCodes.OK);
    }

    private synchronized void stopAll() {
        over = true;
        while (!held.isEmpty()) {
            try {
                held.pop().close();
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
