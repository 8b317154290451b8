package dev.sluice.rig;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** The only place of the tests that waits. Every method blocks the calling thread. */
public final class Await {

    private static final long LIMIT_SECONDS = 60;
    private static final long POLL_MS = 5;

    private Await() {}

    /** What a test waits for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Fails with the name of the condition when it does not hold within {@value #LIMIT_SECONDS} s. */
    public static void until(String what, Condition condition) {
        if (!comes(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS), condition)) {
            throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
        }
    }

    /** Waits for the state that a test is about; a run that never gets there says nothing, and is void. */
    public static void state(String what, Condition reached) {
        if (!comes(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS), reached)) {
            throw new AssertionError("void: never came: " + what);
        }
    }

    /** Whether the condition holds within the limit. */
    public static boolean comes(long limitMs, Condition condition) {
        long began = System.nanoTime();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(limitMs)) {
                    return false;
                }
                Thread.sleep(POLL_MS);
            }
            return true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The result of a future, within {@value #LIMIT_SECONDS} s; its failure is thrown. */
    public static <T> T result(Future<T> future) {
        try {
            return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** For a pause that is the input of a test, such as a slow client or a long outage. */
    public static void pause(String why, long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted: " + why, e);
        }
    }
}
