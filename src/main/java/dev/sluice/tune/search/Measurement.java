package dev.sluice.tune.search;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one trial found.
 *
 * @param perSecond orders acknowledged a second
 * @param latencyMs at the percentile of the SLO
 * @param lost orders that were not acknowledged, or acknowledged and are no rows
 * @param cutShort it was ended early, as it could no longer meet the SLO
 * @param client what kept the generator from its schedule, which makes latencies longer; null where it kept it
 * @param broken why there is no node with this setting; null where there is one
 * @param busy CPU time over wall time of each event loop, 0 to 1, by thread
 */
public record Measurement(
        double perSecond,
        double latencyMs,
        long lost,
        boolean cutShort,
        @Nullable String client,
        @Nullable String broken,
        Map<String, Double> busy) {

    /** Below it the node falls behind, however quick its answers are so far. */
    private static final double ACKNOWLEDGED_SHARE_MIN = 0.97;

    /** A bound missed by less may have been missed by chance: the trial is repeated once. */
    private static final double NEAR = 2;

    public Measurement {
        busy = Map.copyOf(busy);
    }

    /** How it stands to an SLO. */
    public enum Mark {
        MET,
        NEAR,
        MISSED
    }

    /** No node could be had. */
    public static Measurement broken(String why) {
        return new Measurement(0, 0, 0, true, null, why, Map.of());
    }

    /** How it stands. */
    public Mark mark(Slo slo, long rate) {
        if (broken != null || cutShort || lost > 0) {
            return Mark.MISSED;
        }
        boolean keepsUp = perSecond >= ACKNOWLEDGED_SHARE_MIN * rate;
        if (keepsUp && latencyMs <= slo.boundMs()) {
            return Mark.MET; // a generator that was late made the latency longer, not shorter
        }
        boolean near = keepsUp && latencyMs <= NEAR * slo.boundMs();
        return near || client != null ? Mark.NEAR : Mark.MISSED;
    }

    /** Why it is not met, for people; empty where it is. */
    public String why(Slo slo, long rate) {
        if (broken != null) {
            return broken;
        }
        if (mark(slo, rate) == Mark.MET) {
            return "";
        }
        if (lost > 0 && !cutShort) {
            return String.format(Locale.ROOT, "%,d orders were not stored", lost);
        }
        String ended = (cutShort ? ", ended early" : "") + (client == null ? "" : "; " + client);
        return perSecond < ACKNOWLEDGED_SHARE_MIN * rate
                ? String.format(Locale.ROOT, "%,.0f of %,d orders/s were acknowledged%s", perSecond, rate, ended)
                : String.format(Locale.ROOT, "%s was %.1f ms%s", slo.measure(), latencyMs, ended);
    }
}
