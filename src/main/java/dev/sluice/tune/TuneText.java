package dev.sluice.tune;

import dev.sluice.tune.search.Tried;
import dev.sluice.tune.search.TuneResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A search as people read it. */
public final class TuneText {

    private TuneText() {}

    /** What came of it, and what a reader must not overlook; one sentence each. */
    public static List<String> verdict(TuneResult result) {
        List<String> lines = new ArrayList<>();
        Tried chosen = result.chosen();
        lines.add(chosen == null ? nothing(result) : found(result, chosen));
        if (chosen != null && !chosen.candidate().equals(result.defaults())) {
            result.of(result.defaults()).ifPresent(defaults -> lines.add(beside("the defaults", chosen, defaults)));
        }
        if (!result.start().equals(result.defaults()) && chosen != null) {
            result.of(result.start()).ifPresent(start -> lines.add(beside("the setting before", chosen, start)));
        }
        if (chosen != null && result.end() == TuneResult.End.BUDGET_OVER) {
            lines.add("The budget was over before every step was looked at: a longer --budget may find more.");
        } else if (chosen != null && result.end() == TuneResult.End.STOPPED) {
            lines.add("Interrupted: this is the best of what was measured until then.");
        }
        return lines;
    }

    private static String nothing(TuneResult result) {
        return switch (result.end()) {
            case SLO_UNMET ->
                "No rate meets " + result.slo() + ", not even with the defaults: "
                        + result.of(result.defaults()).map(result::lastMiss).orElse("nothing was measured");
            case NO_NODE ->
                "No node with the setting to start from: "
                        + result.of(result.start()).map(result::lastMiss).orElse("");
            case STOPPED -> "Interrupted before one setting was measured.";
            case BUDGET_OVER, SEARCHED ->
                "The budget was over before one setting was measured: give a longer --budget.";
        };
    }

    private static String found(TuneResult result, Tried chosen) {
        return format("%,.0f orders/s met %s with nothing lost (%s).", chosen.median(), result.slo(), spread(chosen));
    }

    private static String beside(String what, Tried chosen, Tried other) {
        return other.median() == 0
                ? "With " + what + " no rate met it."
                : format(
                        "With %s it was %,.0f (%s): %.2f times that.",
                        what, other.median(), spread(other), chosen.median() / other.median());
    }

    static String spread(Tried tried) {
        return tried.rates().size() == 1
                ? "measured once"
                : format(
                        "%,d–%,d, measured %d times",
                        tried.lowest(), tried.highest(), tried.rates().size());
    }

    /** The knobs, one a line: key, value, and what it was before. */
    public static List<String> knobs(TuneResult result) {
        Tried chosen = result.chosen();
        if (chosen == null) {
            return List.of();
        }
        return chosen.candidate().values().keySet().stream()
                .map(knob -> format(
                        "  %-20s %8s  %s",
                        knob.key(),
                        chosen.candidate().written(knob),
                        was(chosen.candidate().written(knob), result.start().written(knob))))
                .map(String::stripTrailing)
                .toList();
    }

    private static String was(String now, String before) {
        return now.equals(before) ? "" : "was " + before;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
