package dev.sluice.tune.search;

import dev.sluice.load.DurationText;
import dev.sluice.load.LatencyMs;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a setting has to keep, {@code p99=20ms}: a latency that is not passed while every order is acknowledged.
 *
 * @param text as written
 * @param measure {@code mean}, {@code p50}, {@code p90}, {@code p99}, {@code p99.9} or {@code max}
 * @param boundMs above 0, milliseconds
 */
public record Slo(String text, String measure, double boundMs) {

    private static final Pattern FORM =
            Pattern.compile("\\s*(mean|p50|p90|p99|p99\\.9|max)\\s*(?:=|<=|<)\\s*(\\S+)\\s*");
    private static final double NANOS_PER_MS = 1e6;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Slo parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a bound such as p99=20ms; there are mean, p50,"
                    + " p90, p99, p99.9 and max");
        }
        double boundMs = DurationText.parse(form.group(2)).toNanos() / NANOS_PER_MS;
        if (boundMs <= 0) {
            throw new IllegalArgumentException("'" + text + "' allows no time at all");
        }
        return new Slo(text.strip(), form.group(1), boundMs);
    }

    /** The latency that it speaks of, milliseconds. */
    public double of(LatencyMs latency) {
        return switch (measure) {
            case "mean" -> latency.mean();
            case "p50" -> latency.p50();
            case "p90" -> latency.p90();
            case "p99.9" -> latency.p999();
            case "max" -> latency.max();
            default -> latency.p99();
        };
    }

    /** Whether it speaks of the slowest orders, so that a p99 far above it settles the matter. */
    public boolean isOfTheTail() {
        return measure.equals("p99") || measure.equals("p99.9") || measure.equals("max");
    }

    @Override
    public String toString() {
        return text;
    }
}
