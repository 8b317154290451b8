package dev.sluice.load;

import dev.sluice.load.LoadResult.Counts;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run is expected to reach: {@code p99<20ms}, {@code errors=0}, {@code refused<1%}, {@code rate>=9900}.
 *
 * @param text as written
 * @param measure a latency ({@code mean}, {@code max}, {@code p50}, {@code p90}, {@code p99}, {@code p99.9}), a count
 *     of {@link Counts}, or {@code rate} (orders acknowledged a second)
 * @param operator one of {@code < <= = >= >}
 * @param bound milliseconds for latencies; orders, or with {@code percent} percent of those offered, for counts
 */
public record Threshold(String text, String measure, String operator, double bound, boolean percent) {

    private static final Pattern FORM =
            Pattern.compile("\\s*([a-z0-9.]+)\\s*(<=|>=|==|=|<|>)\\s*([0-9]+(?:\\.[0-9]+)?)\\s*(us|ms|s|%)?\\s*");
    private static final Set<String> LATENCIES =
            new LatencyMs(0, 0, 0, 0, 0, 0).byName().keySet();
    private static final Set<String> COUNTS =
            new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0).byName().keySet();
    private static final String RATE = "rate";

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong, for a latency without a unit too
     */
    public static Threshold parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an expectation such as p99<20ms or errors=0");
        }
        String measure = form.group(1);
        String unit = form.group(4) == null ? "" : form.group(4);
        requireUnit(text, measure, unit);
        String operator = form.group(2).equals("==") ? "=" : form.group(2);
        double number = Double.parseDouble(form.group(3));
        boolean latency = LATENCIES.contains(measure);
        double bound = latency ? number * DurationText.nanosOf(unit) / 1e6 : number;
        return new Threshold(text.strip(), measure, operator, bound, unit.equals("%"));
    }

    private static void requireUnit(String text, String measure, String unit) {
        boolean time = !unit.isEmpty() && !unit.equals("%");
        if (LATENCIES.contains(measure)) {
            require(time, text, "needs a time with its unit, such as " + measure + "<20ms");
        } else if (COUNTS.contains(measure)) {
            require(!time, text, "is a number of orders, or a share of those offered in %");
        } else {
            require(
                    measure.equals(RATE),
                    text,
                    "knows no '" + measure + "': mean, p50, p90, p99, p99.9, max, rate, "
                            + String.join(", ", COUNTS.stream().sorted().toList()));
            require(unit.isEmpty(), text, "is a number of orders a second, without a unit");
        }
    }

    private static void require(boolean met, String text, String rule) {
        if (!met) {
            throw new IllegalArgumentException("'" + text + "' " + rule);
        }
    }

    /** Whether the result meets it; a share of nothing offered is 0. */
    public boolean isMetBy(LoadResult result) {
        double value = value(result);
        return switch (operator) {
            case "<" -> value < bound;
            case "<=" -> value <= bound;
            case ">" -> value > bound;
            case ">=" -> value >= bound;
            default -> value == bound;
        };
    }

    /**
     * What became of one.
     *
     * @param line for people: the expectation and what was reached
     */
    public record Judgement(boolean met, String line) {}

    /** Holds the result against it. */
    public Judgement judge(LoadResult result) {
        String unit = LATENCIES.contains(measure) ? " ms" : percent ? " %" : "";
        String line = String.format(Locale.ROOT, "expected %s, was %.3f%s", text, value(result), unit);
        return new Judgement(isMetBy(result), line);
    }

    /** Where nothing was acknowledged there is no latency, and no bound of it is kept. */
    private double value(LoadResult result) {
        if (measure.equals(RATE)) {
            return result.perSecond();
        }
        Counts counts = result.counts();
        Double latency = result.latency().byName().get(measure);
        if (latency != null) {
            return counts.acknowledged() == 0 ? Double.NaN : latency;
        }
        double count = Objects.requireNonNull(counts.byName().get(measure), measure);
        return percent ? 100 * count / Math.max(1, counts.offered()) : count;
    }
}
