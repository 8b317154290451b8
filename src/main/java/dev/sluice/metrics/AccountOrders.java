package dev.sluice.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Orders by account, of which the {@value #SHOWN_MAX} busiest since the start have a series of their own and all others
 * share {@value #OTHER}: accounts are many, and a series is dear. A series that is shown never falls: what an account had
 * before it became one of the busiest stays with the others, and what it had as one of them joins the others when it is
 * one no longer. Any thread; {@value #ACCOUNTS_MAX} accounts are told apart at most.
 */
public final class AccountOrders {

    static final int SHOWN_MAX = 50;
    static final int ACCOUNTS_MAX = 10_000;

    /** An account of this name is counted with them. */
    static final String OTHER = "other";

    private final boolean on;
    private final Map<String, Tally> accounts = new ConcurrentHashMap<>();
    private final LongAdder others = new LongAdder();

    AccountOrders(boolean on) {
        this.on = on;
    }

    /** What one account did, and how much of it is in its own series. */
    private static final class Tally {

        private final LongAdder all = new LongAdder();
        private final LongAdder own = new LongAdder();
        private volatile boolean shown;

        long total() {
            return all.sum();
        }
    }

    /** An order of that account was answered. */
    public void count(String account) {
        if (!on) {
            return;
        }
        Tally tally = accounts.get(account);
        if (tally == null && accounts.size() < ACCOUNTS_MAX && !account.equals(OTHER)) {
            tally = accounts.computeIfAbsent(account, this::begun);
        }
        if (tally == null) {
            others.increment();
            return;
        }
        tally.all.increment();
        (tally.shown ? tally.own : others).increment();
    }

    private Tally begun(String account) {
        Tally tally = new Tally();
        tally.shown = accounts.size() < SHOWN_MAX;
        return tally;
    }

    /** The busiest by name, and the others; chooses anew which are the busiest. */
    Map<String, Long> shown() {
        List<Map.Entry<String, Tally>> ranked = accounts.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Tally> entry) ->
                                -entry.getValue().total())
                        .thenComparing(entry -> !entry.getValue().shown)
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        Map<String, Long> shown = new TreeMap<>();
        for (int i = 0; i < ranked.size(); i++) {
            Tally tally = ranked.get(i).getValue();
            tally.shown = i < SHOWN_MAX;
            if (tally.shown) {
                shown.put(ranked.get(i).getKey(), tally.own.sum());
            } else {
                others.add(tally.own.sumThenReset());
            }
        }
        shown.put(OTHER, others.sum());
        return shown;
    }
}
