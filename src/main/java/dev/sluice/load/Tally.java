package dev.sluice.load;

import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.LoadResult.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Counts what is heard during the measured part of a run. One thread; memory does not grow with the run: histograms,
 * and at most about {@link #INTERVALS_MAX} intervals.
 */
public final class Tally {

    private static final int INTERVALS_MAX = 120;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long TEN_SECONDS_MICROS = 10_000_000;

    /** Counted from the start, at 0: the first answer of the measured part then takes the way of all others. */
    private static final String USUAL_ANSWER = "201";

    private static final int ACKNOWLEDGED_MIN = 201;
    private static final int ACKNOWLEDGED_MAX = 202;

    private final long startNanos;
    private final long intervalNanos;
    private final Histogram micros = histogram();
    private final Histogram intervalMicros = histogram();
    private final List<Interval> timeline = new ArrayList<>();
    private final TreeMap<String, Cell> answers = new TreeMap<>(Map.of(USUAL_ANSWER, new Cell()));
    private long offered;
    private long committed;
    private long queued;
    private long refused;
    private long errors;
    private long replayed;
    private long committedBefore;
    private long queuedBefore;
    private long refusedBefore;
    private long errorsBefore;

    /** Counts without boxing. */
    private static final class Cell {
        long count;
    }

    /** It grows beyond ten seconds, but not just when the measuring begins. */
    private static Histogram histogram() {
        Histogram histogram = new Histogram(TEN_SECONDS_MICROS, 3);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** For a measured part that begins and lasts so long. */
    public Tally(long startNanos, long measuredNanos) {
        this.startNanos = startNanos;
        long seconds = Math.max(1, (measuredNanos + INTERVALS_MAX * SECOND_NANOS - 1) / (INTERVALS_MAX * SECOND_NANOS));
        this.intervalNanos = seconds * SECOND_NANOS;
    }

    public void offered(int orders) {
        offered += orders;
    }

    /**
     * One order's answer.
     *
     * @param answer its name among {@link LoadResult#answers}
     * @param status HTTP status, or 0 where none came
     * @param mustBeRefused it was no valid order
     */
    public void answered(String answer, int status, boolean wasReplayed, boolean mustBeRefused) {
        answers.computeIfAbsent(answer, name -> new Cell()).count++;
        if (isAcknowledged(status)) {
            acknowledged(status, wasReplayed, mustBeRefused);
        } else if (status >= 400 && status < 500) {
            refused++;
        } else {
            errors++;
        }
    }

    /** 201 or 202: a promise. */
    public static boolean isAcknowledged(int status) {
        return status >= ACKNOWLEDGED_MIN && status <= ACKNOWLEDGED_MAX;
    }

    private void acknowledged(int status, boolean wasReplayed, boolean mustBeRefused) {
        if (status == ACKNOWLEDGED_MIN) {
            committed++;
        } else {
            queued++;
        }
        if (wasReplayed) {
            replayed++;
        }
        if (mustBeRefused) {
            errors++;
        }
    }

    /** Latency of one request that was acknowledged, at least in part. */
    public void latency(long nanos) {
        long value = Math.max(0, nanos) / 1_000;
        micros.recordValue(value);
        intervalMicros.recordValue(value);
    }

    /** Closes the intervals that are over. Called before what happens now is counted. */
    public void rollTo(long nowNanos) {
        while (nowNanos - startNanos >= (timeline.size() + 1) * intervalNanos) {
            timeline.add(interval(intervalNanos));
            committedBefore = committed;
            queuedBefore = queued;
            refusedBefore = refused;
            errorsBefore = errors;
            intervalMicros.reset();
        }
    }

    private Interval interval(long nanos) {
        return new Interval(
                timeline.size() * intervalNanos / 1e9,
                nanos / 1e9,
                committed - committedBefore,
                queued - queuedBefore,
                refused - refusedBefore,
                errors - errorsBefore,
                LatencyMs.at(intervalMicros, 50),
                LatencyMs.at(intervalMicros, 99),
                intervalMicros.getMaxValue() / 1e3);
    }

    /**
     * The run over time, the begun interval at its end included; what came after the end of the measured part counts in
     * that one, or is left out where the measured part ended with an interval.
     *
     * @param measuredNanos length of the measured part
     */
    public List<Interval> timeline(long measuredNanos) {
        List<Interval> whole = new ArrayList<>(timeline);
        long begun = measuredNanos - timeline.size() * intervalNanos;
        if (begun >= intervalNanos / 10) {
            whole.add(interval(begun));
        }
        return List.copyOf(whole);
    }

    /** How far the run is. */
    public Progress progress(double elapsedSeconds) {
        return new Progress(elapsedSeconds, acknowledged(), errors, LatencyMs.at(micros, 99));
    }

    /** Orders acknowledged so far. */
    public long acknowledged() {
        return committed + queued;
    }

    /** Sent so far. */
    public long offered() {
        return offered;
    }

    /** All counts. */
    public Counts counts(long late, long skippedOrders) {
        return new Counts(offered, acknowledged(), committed, queued, refused, errors, replayed, late, skippedOrders);
    }

    public LatencyMs latency() {
        return LatencyMs.of(micros);
    }

    public List<LatencyMs.Point> curve() {
        return LatencyMs.curve(micros);
    }

    /** Orders by what was heard of them. */
    public SortedMap<String, Long> answers() {
        SortedMap<String, Long> counts = new TreeMap<>();
        answers.forEach((answer, cell) -> counts.put(answer, cell.count));
        counts.values().remove(0L);
        return counts;
    }

    /**
     * How far a run is, for a person who watches.
     *
     * @param elapsedSeconds of the measured part; negative during warm-up
     * @param acknowledged orders of the measured part so far
     * @param errors the same
     * @param p99Ms the same
     */
    public record Progress(double elapsedSeconds, long acknowledged, long errors, double p99Ms) {}
}
