package dev.sluice.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two results held against each other, measure by measure, for every label that both have. A difference counts only
 * where the spreads do not meet.
 *
 * @param lines one for each label and measure
 */
public record Comparison(List<Line> lines) {

    private static final String RATE = "orders/s";

    /**
     * One measure.
     *
     * @param label of the run, {@code run} where a file holds one only
     * @param verdict {@code better}, {@code worse} or {@code same}: B, seen from A
     */
    public record Line(String label, String measure, Spread a, Spread b, String verdict) {

        /** B over A; NaN where A is 0. */
        public double ratio() {
            return a.value() == 0 ? Double.NaN : b.value() / a.value();
        }
    }

    /** Reads both; an {@link IllegalArgumentException} where one is no result or they have no label in common. */
    public static Comparison of(Path a, Path b) throws IOException {
        Map<String, Map<String, Spread>> before = ResultFile.read(a).measures();
        Map<String, Map<String, Spread>> after = ResultFile.read(b).measures();
        List<Line> lines = new ArrayList<>();
        before.forEach((label, measures) -> {
            Map<String, Spread> others = after.getOrDefault(label, Map.of());
            measures.forEach((measure, spread) -> {
                Spread other = others.get(measure);
                if (other != null) {
                    lines.add(new Line(label, measure, spread, other, verdict(measure, spread, other)));
                }
            });
        });
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(
                    "the two have no run in common: " + before.keySet() + " and " + after.keySet());
        }
        return new Comparison(lines);
    }

    private static String verdict(String measure, Spread a, Spread b) {
        if (a.overlaps(b)) {
            return "same";
        }
        return b.value() > a.value() == measure.equals(RATE) ? "better" : "worse";
    }

    /** As a person reads it. */
    public List<String> text() {
        List<String> text = new ArrayList<>();
        int width = lines.stream().mapToInt(line -> line.label().length()).max().orElse(0);
        String form = "%-" + Math.max(5, width) + "s  %-9s %26s %26s %7s  %s";
        text.add(String.format(Locale.ROOT, form, "run", "measure", "A (low–high)", "B (low–high)", "B/A", "B is"));
        for (Line line : lines) {
            String ratio = Double.isNaN(line.ratio()) ? "" : String.format(Locale.ROOT, "%.3f", line.ratio());
            text.add(String.format(
                    Locale.ROOT,
                    form,
                    line.label(),
                    line.measure(),
                    text(line.a()),
                    text(line.b()),
                    ratio,
                    line.verdict()));
        }
        return text;
    }

    private static String text(Spread spread) {
        String form = spread.high() >= 1_000 ? "%,.0f (%,.0f–%,.0f)" : "%.3f (%.3f–%.3f)";
        return String.format(Locale.ROOT, form, spread.value(), spread.low(), spread.high());
    }
}
