package dev.sluice.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a verb end early but in order: on Ctrl-C or SIGTERM it is asked to stop, has {@value #LIMIT_SECONDS} s to print
 * what it has, and the process ends with {@link ExitCodes#INTERRUPTED}. Closed when everything is printed.
 */
final class Interruption {

    private static final int LIMIT_SECONDS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

    private final CountDownLatch printed = new CountDownLatch(1);
    private final Thread hook;

    /** @param stop asks the verb to stop; it returns at once */
    Interruption(Runnable stop) {
        hook = new Thread(() -> onSignal(stop), "sluice-interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void onSignal(Runnable stop) {
        stop.run();
        try {
            if (!printed.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the verb did not stop within {} s", LIMIT_SECONDS);
            }
        } catch (InterruptedException e) {
            LOG.debug("a shutdown hook was interrupted", e);
        }
        Runtime.getRuntime().halt(ExitCodes.INTERRUPTED);
    }

    /** Where a signal came, the process ends now. */
    void close() {
        printed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException signalled) {
            LOG.debug("a signal came first", signalled);
        }
    }
}
