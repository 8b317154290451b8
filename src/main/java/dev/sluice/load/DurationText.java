package dev.sluice.load;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations as people write them: {@code 60s}, {@code 500ms}, {@code 10m}, {@code 1h}, {@code 90d}, {@code 1.5s}; up
 * to {@value #DAYS_MAX} days, so that two of them can be added to a time.
 */
public final class DurationText {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(us|µs|ms|s|m|h|d)");
    private static final long DAYS_MAX = 36_500;

    private DurationText() {}

    /**
     * The duration, to the nanosecond; zero is one too.
     *
     * @throws IllegalArgumentException for anything else, a number without a unit included
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 60s, 500ms, 10m, 1h or 90d");
        }
        double nanos = Double.parseDouble(form.group(1)) * nanosOf(form.group(2));
        if (nanos > DAYS_MAX * nanosOf("d")) {
            throw new IllegalArgumentException("'" + text + "' is longer than " + DAYS_MAX + "d");
        }
        return Duration.ofNanos(Math.round(nanos));
    }

    /** Nanoseconds of a unit, as doubles multiply them. */
    static double nanosOf(String unit) {
        return switch (unit) {
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3_600e9;
            default -> 86_400e9;
        };
    }
}
