package dev.sluice.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Latencies of acknowledged requests, milliseconds. */
public record LatencyMs(double mean, double p50, double p90, double p99, double p999, double max) {

    private static final double MICROS_PER_MS = 1e3;
    private static final List<Double> CURVE = curvePercentiles();

    /**
     * One point of the latency curve.
     *
     * @param percentile 0 to 100
     */
    public record Point(double percentile, double ms) {}

    static LatencyMs of(Histogram micros) {
        return new LatencyMs(
                micros.getMean() / MICROS_PER_MS,
                at(micros, 50),
                at(micros, 90),
                at(micros, 99),
                at(micros, 99.9),
                micros.getMaxValue() / MICROS_PER_MS);
    }

    /** Every latency under its name in thresholds, text and JSON, in the order of the JSON. */
    Map<String, Double> byName() {
        Map<String, Double> latencies = new LinkedHashMap<>();
        latencies.put("mean", mean);
        latencies.put("p50", p50);
        latencies.put("p90", p90);
        latencies.put("p99", p99);
        latencies.put("p99.9", p999);
        latencies.put("max", max);
        return latencies;
    }

    static double at(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MS;
    }

    /** The curve, denser towards the tail, as far as there are enough values to tell. */
    static List<Point> curve(Histogram micros) {
        return CURVE.stream()
                .filter(percentile -> micros.getTotalCount() * (100 - percentile) / 100 >= 1)
                .map(percentile -> new Point(percentile, at(micros, percentile)))
                .toList();
    }

    /** 0, 10 … 90, 91 … 99, 99.1 … 99.9, and so on to 99.999. */
    private static List<Double> curvePercentiles() {
        return Stream.concat(
                        Stream.of(0.0),
                        Stream.of(10.0, 1.0, 0.1, 0.01, 0.001)
                                .flatMap(step -> Stream.iterate(1, i -> i < 10, i -> i + 1)
                                        .map(i -> Math.round((100 - 10 * step + i * step) * 1e4) / 1e4)))
                .toList();
    }
}
