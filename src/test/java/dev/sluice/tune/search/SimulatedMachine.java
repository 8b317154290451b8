package dev.sluice.tune.search;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A machine whose capacity is a function of the setting, on a clock of its own. Below the capacity the latency is that of a
 * queue, 2 ms and rising; above it orders wait for ever.
 */
final class SimulatedMachine {

    /** Kept at 0.9 of the capacity and below. */
    static final Slo SLO = Slo.parse("p99=20ms");

    static final Candidate DEFAULTS = Candidate.of(1, 1, 2, 2, 512, 1);
    static final Candidate MIS_SET = Candidate.of(1, 8, 1, 1, 2, 1);

    private static final double IDLE_MS = 2;
    private static final double USABLE = 0.9;
    private static final long STUCK_AFTER = 1_000;

    private final ToDoubleFunction<Candidate> capacity;
    private final Random random;
    private double noise;
    private long startMs = 8_000;
    private double idleMs = IDLE_MS;
    private long nowMs = 5_000;
    private final Set<String> running = new LinkedHashSet<>();
    private Candidate last;

    SimulatedMachine(ToDoubleFunction<Candidate> capacity, long seed) {
        this.capacity = capacity;
        this.random = new Random(seed);
    }

    /** Each run's capacity varies by so much, a standard deviation as a share. */
    SimulatedMachine noise(double share) {
        noise = share;
        return this;
    }

    /** A node needs so long until it is warm. */
    SimulatedMachine startMs(long ms) {
        startMs = ms;
        return this;
    }

    /** Even an idle node takes so long. */
    SimulatedMachine idleMs(double ms) {
        idleMs = ms;
        return this;
    }

    /** What a setting takes within the SLO, without the noise. */
    double truth(Candidate candidate) {
        return USABLE * capacity.applyAsDouble(candidate);
    }

    TuneResult tune(Candidate start, long budgetMs) {
        return tune(start, budgetMs, Long.MAX_VALUE);
    }

    /** As a person stops it at that time. */
    TuneResult tune(Candidate start, long budgetMs, long stoppedAtMs) {
        Budget budget = Budget.of(budgetMs);
        CoordinateSearch search = new CoordinateSearch(SLO, new Ladder(2), start, DEFAULTS, budget);
        Optional<Trial> trial = search.next(nowMs);
        for (int i = 0; trial.isPresent() && nowMs < stoppedAtMs; i++) {
            if (i > STUCK_AFTER) {
                throw new AssertionError("does not end, now at " + trial.get());
            }
            Measurement measured = measure(trial.get(), budget);
            if (nowMs >= budget.endMs()) {
                nowMs = budget.endMs(); // what is under way is ended, and says nothing
                search.stop(TuneResult.End.BUDGET_OVER);
            } else {
                search.add(measured, nowMs);
            }
            trial = search.next(nowMs);
        }
        search.stop(TuneResult.End.STOPPED);
        return search.result();
    }

    long nowMs() {
        return nowMs;
    }

    private Measurement measure(Trial trial, Budget budget) {
        ready(trial.candidate(), budget);
        double mine = capacity.applyAsDouble(trial.candidate()) * (1 + noise * random.nextGaussian());
        if (Double.isNaN(mine)) {
            return Measurement.broken("no node with " + trial.candidate());
        }
        if (mine < 0) {
            nowMs += budget.runMs();
            return new Measurement(0, 1, 7, false, null, null, Map.of());
        }
        if (trial.rate() > mine) {
            nowMs += budget.runMs() / 2;
            return new Measurement(mine, 500, 0, true, null, null, Map.of());
        }
        nowMs += budget.runMs();
        return new Measurement(
                trial.rate(), idleMs / (1 - trial.rate() / mine), 0, false, null, null, Map.of("loop-0", 0.5));
    }

    private void ready(Candidate candidate, Budget budget) {
        if (!running.contains(candidate.body())) {
            nowMs += startMs;
        } else if (!candidate.equals(last)) {
            nowMs += budget.settleMs() + 300;
        }
        last = candidate;
        running.remove(candidate.body());
        running.add(candidate.body());
        if (running.size() > CoordinateSearch.NODES_KEPT) {
            running.remove(running.iterator().next());
        }
    }
}
