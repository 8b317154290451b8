package dev.sluice.tune.search;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a search found.
 *
 * @param chosen the simplest setting within the noise of the best; null where none met the SLO, or none was measured
 * @param margin rates that differ by less, as a share, are held to be the same
 * @param tried every setting that was measured, in the order of their first measurement
 */
public record TuneResult(
        End end,
        Slo slo,
        @Nullable Tried chosen,
        double margin,
        List<Tried> tried,
        Candidate start,
        Candidate defaults) {

    public TuneResult {
        tried = List.copyOf(tried);
    }

    /** How it ended. */
    public enum End {
        /** Every step was looked at. */
        SEARCHED,
        /** The budget was over before. */
        BUDGET_OVER,
        /** A person or another process ended it. */
        STOPPED,
        /** Not even the least rate met the SLO. */
        SLO_UNMET,
        /** No node could be had with the setting to start from. */
        NO_NODE
    }

    /** What was found of a setting. */
    public Optional<Tried> of(Candidate candidate) {
        return tried.stream().filter(one -> one.candidate().equals(candidate)).findFirst();
    }

    /** Why a setting was not chosen, for people; empty for the chosen one. */
    public String whyNot(Tried one) {
        if (chosen == null || one.equals(chosen)) {
            return chosen == null ? lastMiss(one) : "";
        }
        if (one.rates().isEmpty()) {
            return "the budget was over before its rate was found";
        }
        if (one.median() == 0) {
            return lastMiss(one);
        }
        double share = 1 - one.median() / chosen.median();
        if (share > 0 && one.median() * (1 + margin) < chosen.median()) {
            return String.format(Locale.ROOT, "%.0f %% below the chosen one", 100 * share);
        }
        return Candidate.SIMPLEST_FIRST.compare(one.candidate(), chosen.candidate()) > 0
                ? "no better than the noise, and less simple"
                : "not confirmed when it was measured again, or below the best by more than the noise";
    }

    /** What kept it from its last rate; empty where it kept the SLO. */
    public String lastMiss(Tried one) {
        List<Tried.Run> runs = one.runs();
        for (int i = runs.size() - 1; i >= 0; i--) {
            Tried.Run run = runs.get(i);
            String why = run.measurement().why(slo, run.trial().rate());
            if (!why.isEmpty()) {
                return String.format(
                        Locale.ROOT, "at %,d orders/s: %s", run.trial().rate(), why);
            }
        }
        return "";
    }
}
