package dev.sluice.config.value;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many instances of a verticle: a number, {@code auto} (one for two cores, at least one) or {@code 2x} (two per
 * core).
 *
 * @param count the number, or the factor where {@code perCore}
 * @param perCore whether {@code count} is per core
 * @param text as written, {@code auto} included
 */
public record Instances(int count, boolean perCore, String text) {

    /** The other one is left to the writer, the kernel and what else lives on the machine (docs/performance.md). */
    private static final int CORES_PER_INSTANCE = 2;

    private static final String AUTO = "auto";
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(x?)");

    /**
     * Reads a number, {@code auto} or {@code 2x}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Instances parse(String text) {
        if (text.equals(AUTO)) {
            return new Instances(1, false, text);
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("is not a number, auto, or a factor per core such as 2x");
        }
        return new Instances(Integer.parseInt(form.group(1)), !form.group(2).isEmpty(), text);
    }

    /** The number of instances on a machine with so many cores. */
    public int resolve(int cores) {
        if (text.equals(AUTO)) {
            return Math.max(count, cores / CORES_PER_INSTANCE);
        }
        return perCore ? Math.multiplyExact(count, cores) : count;
    }

    @Override
    public String toString() {
        return text;
    }
}
