package dev.sluice.log;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * An outage of one thing, logged as an outage and not as its thousand symptoms: WARN when it begins and when its reason
 * changes (at most once a second), DEBUG for each further failure, INFO when it is over, with their number and how long
 * it took. May be called from any thread, as
 * often as there are orders: {@link #over()} on a healthy thing reads one reference.
 */
public final class Incident {

    private static final long SAID_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final String what;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Outage> current = new AtomicReference<>();

    /**
     * For one thing that can fail.
     *
     * @param what the thing, as the lines name it: {@code PostgreSQL at db:5432}
     * @param nanoTime a clock of elapsed nanoseconds, {@code System::nanoTime}
     */
    public Incident(Logger log, String what, LongSupplier nanoTime) {
        this.log = log;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    /** It failed, for this reason. Begins the outage unless there is one. */
    public void failed(String reason) {
        long now = nanoTime.getAsLong();
        Outage begun = new Outage(now);
        Outage before = current.compareAndExchange(null, begun);
        Outage outage = before == null ? begun : before;
        outage.failures.increment();
        if (outage.isNews(reason, now)) {
            log.warn("{}: {} (repeats at debug until it is over)", what, reason);
        } else {
            log.debug("{}: {}", what, reason);
        }
    }

    /** It worked. Ends the outage if there is one. */
    public void over() {
        if (current.get() == null) {
            return;
        }
        Outage ended = current.getAndSet(null);
        if (ended != null) {
            log.info("{}: over after {} s, {} failures", what, ended.seconds(nanoTime.getAsLong()), ended.failures);
        }
    }

    /** Whether it is failing now. */
    public boolean isOpen() {
        return current.get() != null;
    }

    /** Failures of the present outage, 0 without one. */
    public long failures() {
        Outage outage = current.get();
        return outage == null ? 0 : outage.failures.sum();
    }

    private static final class Outage {

        private final long beganNanos;
        private final LongAdder failures = new LongAdder();
        private String said = "";
        private long saidNanos;

        Outage(long nowNanos) {
            beganNanos = nowNanos;
            saidNanos = nowNanos - SAID_AGAIN_NANOS;
        }

        /** Whether this reason is to be said at WARN; then it counts as said. */
        synchronized boolean isNews(String reason, long nowNanos) {
            boolean news = !said.equals(reason) && nowNanos - saidNanos >= SAID_AGAIN_NANOS;
            if (news) {
                said = reason;
                saidNanos = nowNanos;
            }
            return news;
        }

        String seconds(long nowNanos) {
            return String.format(Locale.ROOT, "%.1f", (nowNanos - beganNanos) / 1e9);
        }
    }
}
