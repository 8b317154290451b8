package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.drain.RetryQueue.QueuedEntry;
import dev.sluice.drain.SettlementQueue.Unsettled;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the outcomes of one batch mean for its entries. Immutable.
 *
 * @param owed orders that have a row now, and entries and dead letters to be settled
 * @param committed how many orders were inserted, not found
 * @param left entries that an outage hit, to be tried again
 * @param outage the last reason of these, empty where none is left
 * @param answered whether the store answered for each one that is left: it was there, and failed them
 */
record BatchResult(Unsettled owed, int committed, List<QueuedEntry> left, String outage, boolean answered) {

    /** The reason of a dead letter whose key another content took: first commit wins. */
    static final String CONFLICT = "client_order_id_reused: another content was committed first";

    BatchResult {
        left = List.copyOf(left);
    }

    /** @param outcomes same index as the batch's leaders */
    static BatchResult of(Batch<QueuedEntry> batch, List<Outcome> outcomes) {
        List<Order> stored = new ArrayList<>();
        List<Settlement> done = new ArrayList<>();
        List<Settlement> dead = new ArrayList<>();
        List<QueuedEntry> left = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            QueuedEntry leader = batch.leaders().get(i);
            List<QueuedEntry> followers = batch.followers().get(i);
            String deadBecause = deadBecause(outcomes.get(i));
            if (isStored(outcomes.get(i))) {
                stored.add(leader.order());
                done.add(Settlement.done(leader.delivery()));
                followers.forEach(follower -> done.add(Settlement.done(follower.delivery())));
            } else if (deadBecause != null) {
                // An order dies once. Its other entries are settled with it: settling one before takes the order.
                dead.add(Settlement.dead(leader.delivery(), deadBecause));
                followers.forEach(follower -> dead.add(Settlement.done(follower.delivery())));
            } else {
                left.add(leader);
                left.addAll(followers);
            }
        }
        Unsettled owed = new Unsettled(stored, done, dead);
        return new BatchResult(owed, committed(outcomes), left, outage(outcomes), isAnswered(outcomes));
    }

    private static boolean isStored(Outcome outcome) {
        return outcome instanceof Outcome.Committed || outcome instanceof Outcome.Replayed;
    }

    private static @Nullable String deadBecause(Outcome outcome) {
        if (outcome instanceof Outcome.Conflict) {
            return CONFLICT;
        }
        return outcome instanceof Outcome.Refused refused ? refused.text() : null;
    }

    private static int committed(List<Outcome> outcomes) {
        return (int)
                outcomes.stream().filter(Outcome.Committed.class::isInstance).count();
    }

    private static String outage(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(Outcome::isOpen)
                .map(BatchResult::reason)
                .reduce("", (first, last) -> last);
    }

    private static String reason(Outcome open) {
        if (open instanceof Outcome.NotStored notStored) {
            return notStored.reason();
        }
        return open instanceof Outcome.Unknown unknown ? unknown.reason() : "";
    }

    private static boolean isAnswered(List<Outcome> outcomes) {
        return outcomes.stream().noneMatch(Outcome.Unknown.class::isInstance);
    }

    boolean hasOutage() {
        return !left.isEmpty();
    }

    /** The same, where one of those that are left is a dead letter now. */
    BatchResult condemning(QueuedEntry entry, String reason) {
        Unsettled death = new Unsettled(List.of(), List.of(), List.of(Settlement.dead(entry.delivery(), reason)));
        return new BatchResult(owed.and(death), committed, left, outage, answered);
    }
}
