package dev.sluice.log;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * A line that may come with every order: WARN for the first and then for one in ten seconds, with how many there were so
 * far; DEBUG for the rest. Not thread safe.
 */
public final class Sampled {

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final String what;
    private final LongSupplier nanoTime;
    private long count;
    private long saidNanos;

    /**
     * For one kind of event.
     *
     * @param what the event, as the lines name it
     * @param nanoTime a clock of elapsed nanoseconds, {@code System::nanoTime}
     */
    public Sampled(Logger log, String what, LongSupplier nanoTime) {
        this.log = log;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /** It happened. */
    public void happened(String detail) {
        long now = nanoTime.getAsLong();
        if (count++ == 0 || now - saidNanos >= EVERY_NANOS) {
            saidNanos = now;
            log.warn("{}: {} ({} so far; most are logged at debug)", what, detail, count);
        } else {
            log.debug("{}: {}", what, detail);
        }
    }
}
