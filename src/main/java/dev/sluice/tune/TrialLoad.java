package dev.sluice.tune;

import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.Tally.Progress;
import dev.sluice.load.http.HttpLoad;
import dev.sluice.load.http.Target;
import dev.sluice.tune.search.Budget;
import dev.sluice.tune.search.Measurement;
import dev.sluice.tune.search.Slo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The load of one trial: orders at a rate, open model. Blocks. */
final class TrialLoad {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_MS = 50;

    /** Before it a share of the orders says little. */
    private static final double LOOKED_AT_SECONDS_MIN = 0.8;

    /** So far beyond the bound a trial is lost whatever follows. */
    private static final double HOPELESS = 5;

    private static final double HOPELESS_SHARE = 0.6;

    private final Slo slo;
    private final Budget budget;
    private final int connections;
    private final BooleanSupplier isOver;

    /** @param isOver whether to end a run early, for good */
    TrialLoad(Slo slo, Budget budget, int connections, BooleanSupplier isOver) {
        this.slo = slo;
        this.budget = budget;
        this.connections = connections;
        this.isOver = isOver;
    }

    /** As fast as answers come, for so long; what it finds is dropped. */
    void warm(Target target, long ms) throws Exception {
        await(start(target, Duration.ZERO, Duration.ofMillis(ms), 0), 0);
    }

    /** One trial; the busy ratios are the caller's to add. */
    LoadResult measure(Target target, long rate) throws Exception {
        HttpLoad load = start(
                target, Duration.ofMillis(budget.leadMs()), Duration.ofMillis(budget.measuredMs()), (double) rate);
        return await(load, rate);
    }

    private HttpLoad start(Target target, Duration lead, Duration measured, double rate) throws Exception {
        LoadSettings settings = new LoadSettings(target.toString(), connections, lead, measured, rate, 1, 0.0, 0.0);
        return HttpLoad.start(new HttpLoad.Options(target, settings, List.of(), ANSWER_LIMIT, null));
    }

    private LoadResult await(HttpLoad load, long rate) throws Exception {
        boolean ended = false;
        LoadResult result = load.await(LOOK_MS);
        while (result == null) {
            if (!ended && (isOver.getAsBoolean() || isHopeless(load.progress(), rate))) {
                load.interrupt();
                ended = true;
            }
            result = load.await(LOOK_MS);
        }
        return result;
    }

    /** The closed model, which warms a node, has no rate to miss. */
    private boolean isHopeless(Progress progress, long rate) {
        double seconds = progress.elapsedSeconds();
        boolean slow = slo.isOfTheTail() && progress.p99Ms() > HOPELESS * slo.boundMs();
        boolean behind = progress.acknowledged() < HOPELESS_SHARE * rate * seconds;
        return rate > 0 && seconds > LOOKED_AT_SECONDS_MIN && (slow || behind);
    }

    /**
     * A result as the search reads it.
     *
     * @param missingRows orders that were acknowledged and are no rows
     */
    Measurement measurement(LoadResult result, long missingRows, Map<String, Double> busy) {
        Counts counts = result.counts();
        return new Measurement(
                result.perSecond(),
                slo.of(result.latency()),
                counts.errors() + counts.refused() + counts.queued() + counts.skipped() + missingRows,
                result.interrupted(),
                result.invalid(),
                null,
                busy);
    }
}
