package dev.sluice.load;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run found.
 *
 * @param tag prefix of its client order ids
 * @param startedAt of the measured part
 * @param seconds the measured part took; in the open model until its last answer
 * @param answers orders by what was heard of them: {@code 201}, {@code 422:order_refused}, {@code lost}
 * @param curve latency by percentile
 * @param timeline the run over time
 * @param interrupted it ended before its time
 * @param invalid why the figures are the client's and not the server's, or null where they are the server's
 */
public record LoadResult(
        LoadSettings settings,
        String tag,
        Instant startedAt,
        double seconds,
        Counts counts,
        LatencyMs latency,
        SortedMap<String, Long> answers,
        List<LatencyMs.Point> curve,
        List<Interval> timeline,
        Client client,
        boolean interrupted,
        @Nullable String invalid) {

    /** Orders acknowledged a second. */
    public double perSecond() {
        return seconds > 0 ? counts.acknowledged() / seconds : 0;
    }

    /**
     * What became of the orders of the measured part of a run.
     *
     * @param offered sent
     * @param acknowledged answered 201 or 202
     * @param committed answered 201
     * @param queued answered 202
     * @param refused answered 4xx, as invalid orders should be
     * @param errors answered otherwise, not at all, or acknowledged though invalid
     * @param replayed acknowledged as a replay of an earlier request
     * @param late requests that left more than 1 ms after their time
     * @param skipped orders that never left, as they had fallen 5 s behind
     */
    public record Counts(
            long offered,
            long acknowledged,
            long committed,
            long queued,
            long refused,
            long errors,
            long replayed,
            long late,
            long skipped) {

        /** Every count under its name in thresholds and JSON, in the order of the JSON. */
        Map<String, Long> byName() {
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("offered", offered);
            counts.put("acknowledged", acknowledged);
            counts.put("committed", committed);
            counts.put("queued", queued);
            counts.put("refused", refused);
            counts.put("errors", errors);
            counts.put("replayed", replayed);
            counts.put("late", late);
            counts.put("skipped", skipped);
            return counts;
        }
    }

    /**
     * What the generator itself did in the measured part.
     *
     * @param cpuMicrosPerOrder processor time of its process over orders sent, microseconds
     * @param loopBusy processor time of its event loop over wall time, 0 to 1
     * @param compilerShare of the time its just-in-time compiler worked, 0 to 1, all its threads together
     * @param lagP99Ms how late the loop looked at its schedule
     * @param lagMaxMs the worst
     * @param behindShare of the time it ran more than 5 ms behind, 0 to 1
     */
    public record Client(
            double cpuMicrosPerOrder,
            double loopBusy,
            double compilerShare,
            double lagP99Ms,
            double lagMaxMs,
            double behindShare) {}

    /**
     * A slice of the measured part of a run, by the time of the answers.
     *
     * @param atSeconds its start, from the start of the measured part
     * @param seconds its length
     * @param committed orders answered 201
     * @param queued orders answered 202
     * @param refused orders
     * @param errors orders
     * @param p50Ms of acknowledged requests; 0 where there was none, so for the next two
     */
    public record Interval(
            double atSeconds,
            double seconds,
            long committed,
            long queued,
            long refused,
            long errors,
            double p50Ms,
            double p99Ms,
            double maxMs) {

        /** Orders acknowledged a second. */
        public double perSecond() {
            return (committed + queued) / seconds;
        }
    }
}
