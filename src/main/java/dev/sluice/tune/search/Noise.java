package dev.sluice.tune.search;

import java.util.Collection;
import java.util.List;

/** How far two measurements of one setting lie apart on this machine. */
final class Noise {

    /** What the steps of a rate search cannot tell apart. */
    static final double MARGIN_MIN = RateSearch.PRECISION - 1;

    private static final double MARGIN_MAX = 0.25;
    private static final double DEVIATIONS = 1.5;

    private Noise() {}

    /** Rates that differ by less, as a share, are held to be the same. */
    static double margin(Collection<Tried> tried) {
        return Math.max(MARGIN_MIN, Math.min(MARGIN_MAX, DEVIATIONS * deviation(tried)));
    }

    /** Standard deviation of the logarithm, pooled over the settings that were measured more than once. */
    private static double deviation(Collection<Tried> tried) {
        double squares = 0;
        int freedom = 0;
        for (Tried one : tried) {
            List<Double> logs = one.rates().stream()
                    .filter(rate -> rate > 0)
                    .map(rate -> Math.log(rate))
                    .toList();
            double mean =
                    logs.stream().mapToDouble(Double::doubleValue).average().orElse(0);
            squares += logs.stream()
                    .mapToDouble(log -> (log - mean) * (log - mean))
                    .sum();
            freedom += Math.max(0, logs.size() - 1);
        }
        return freedom == 0 ? 0 : Math.sqrt(squares / freedom);
    }
}
