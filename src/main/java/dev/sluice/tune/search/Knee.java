package dev.sluice.tune.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Throughput against latency of one setting, and its knee: the point from which a little more throughput costs much
 * latency. It is the one farthest below the line from the first point to the last, both axes scaled to 1.
 */
public final class Knee {

    private static final int POINTS_MIN = 3;

    private Knee() {}

    /**
     * One point.
     *
     * @param rate orders offered a second
     * @param latencyMs the median of those measured at that rate
     */
    public record Point(long rate, double latencyMs) {}

    /** Every rate that was measured with a setting and not cut short, ascending. */
    public static List<Point> points(Tried tried) {
        Map<Long, List<Double>> byRate = new TreeMap<>();
        for (Tried.Run run : tried.runs()) {
            if (!run.measurement().cutShort()) {
                byRate.computeIfAbsent(run.trial().rate(), none -> new ArrayList<>())
                        .add(run.measurement().latencyMs());
            }
        }
        return byRate.entrySet().stream()
                .map(rate -> new Point(rate.getKey(), median(rate.getValue())))
                .toList();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /** The knee; none where there are fewer than three points, or the latency does not rise. */
    public static Optional<Point> of(List<Point> points) {
        if (points.size() < POINTS_MIN) {
            return Optional.empty();
        }
        Point first = points.get(0);
        Point last = points.get(points.size() - 1);
        double rates = last.rate() - first.rate();
        double latencies = last.latencyMs() - first.latencyMs();
        Point knee = null;
        double farthest = 0;
        for (Point point : points) {
            double x = (point.rate() - first.rate()) / rates;
            double y = (point.latencyMs() - first.latencyMs()) / latencies;
            if (latencies > 0 && x - y > farthest) {
                farthest = x - y;
                knee = point;
            }
        }
        return Optional.ofNullable(knee);
    }
}
