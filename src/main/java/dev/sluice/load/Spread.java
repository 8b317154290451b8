package dev.sluice.load;

import java.util.List;

/**
 * A value and how far it scatters.
 *
 * @param value the median over runs, or that of the one run
 * @param low lowest run; of one run alone, the 10th percentile over its intervals
 * @param high highest run; of one run alone, the 90th percentile over its intervals
 */
public record Spread(double value, double low, double high) {

    /** Over runs, at least one. */
    static Spread ofRuns(List<Double> runs) {
        List<Double> sorted = runs.stream().sorted().toList();
        return new Spread(at(sorted, 0.5), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** Of one run and its intervals, at least one. */
    static Spread ofIntervals(double value, List<Double> intervals) {
        List<Double> sorted = intervals.stream().sorted().toList();
        return new Spread(value, Math.min(value, at(sorted, 0.1)), Math.max(value, at(sorted, 0.9)));
    }

    /** Between two values it lies in the middle. */
    private static double at(List<Double> sorted, double share) {
        double place = share * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        double above = sorted.get((int) Math.ceil(place));
        return below + (above - below) * (place - Math.floor(place));
    }

    /** Whether the two cannot be told apart: their reaches meet. */
    boolean overlaps(Spread other) {
        return low <= other.high && other.low <= high;
    }
}
