package dev.sluice.load;

import java.time.Instant;
import java.util.List;
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
        @Nullable String invalid) {

    /** Orders acknowledged a second. */
    public double perSecond() {
        return seconds > 0 ? counts.acknowledged() / seconds : 0;
    }
}
