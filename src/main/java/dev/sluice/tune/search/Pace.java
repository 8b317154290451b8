package dev.sluice.tune.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What still fits into the budget, by what trials took so far. Knows which nodes are kept: a change to one of these costs
 * little.
 */
final class Pace {

    /** Nodes that are kept, so that two settings can be measured in turn without a start for each. */
    static final int NODES_KEPT = 2;

    private static final double WALK_SHARE = 0.68;
    private static final double FINAL_SHARE = 0.88;

    /** A run at a rate that is too high lasts longer than planned: what it left waiting is answered first. */
    private static final double OVERRUN = 1.4;

    private final Budget budget;
    private final Map<Change, Long> costMs = new EnumMap<>(Change.class);
    private final Deque<String> kept = new ArrayDeque<>();
    private @Nullable Candidate last;
    private long runMs;

    /** What must happen before a candidate can be measured. */
    enum Change {
        NONE,
        /** The running node is told. */
        LIVE,
        /** A node that runs is taken again. */
        AGAIN,
        /** A node is started and warmed. */
        RESTART
    }

    Pace(Budget budget) {
        this.budget = budget;
        this.runMs = Math.round(budget.runMs() * OVERRUN);
        costMs.put(Change.NONE, 0L);
        costMs.put(Change.LIVE, budget.liveMs());
        costMs.put(Change.AGAIN, budget.liveMs());
        costMs.put(Change.RESTART, budget.restartMs());
    }

    Change changeTo(Candidate candidate) {
        if (last == null || !kept.contains(candidate.body())) {
            return Change.RESTART;
        }
        if (!candidate.body().equals(last.body())) {
            return Change.AGAIN;
        }
        return candidate.equals(last) ? Change.NONE : Change.LIVE;
    }

    /** The candidate is now the one that is measured. */
    void moved(Candidate candidate) {
        last = candidate;
        kept.remove(candidate.body());
        kept.addFirst(candidate.body());
        if (kept.size() > NODES_KEPT) {
            kept.removeLast();
        }
    }

    /** A trial took so long, the change before it included. */
    void took(Change change, long ms) {
        if (change == Change.NONE) {
            runMs = (runMs + ms) / 2;
        } else {
            costMs.put(change, (costMs.getOrDefault(change, 0L) + Math.max(0, ms - runMs)) / 2);
        }
    }

    /** Whether so many runs with that change before them end in time. */
    boolean fits(long nowMs, Change change, int runs, Trial.Phase phase) {
        return nowMs + costMs.getOrDefault(change, 0L) + runs * runMs <= endMs(phase);
    }

    private long endMs(Trial.Phase phase) {
        long ms = budget.totalMs() - budget.reserveMs();
        return switch (phase) {
            case WALK -> Math.round(ms * WALK_SHARE);
            case FINAL -> Math.round(ms * FINAL_SHARE);
            case START, CURVE -> ms;
        };
    }
}
