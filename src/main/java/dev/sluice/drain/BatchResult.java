package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.drain.RetryQueue.QueuedEntry;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the outcomes of one batch mean for its entries. Immutable.
 *
 * @param stored orders that have a row now
 * @param committed how many of them were inserted, not found
 * @param done entries of the stored orders
 * @param dead dead letters to be, and the entries that are spent once these are
 * @param left entries that an outage hit, to be tried again
 * @param outage the last reason of these, empty where none is left
 * @param answered whether the store answered for each one that is left: it was there, and failed them
 */
record BatchResult(
        List<Order> stored,
        int committed,
        List<Settlement> done,
        List<Settlement> dead,
        List<QueuedEntry> left,
        String outage,
        boolean answered) {

    /** The reason of a dead letter whose key another content took: first commit wins. */
    static final String CONFLICT = "client_order_id_reused: another content was committed first";

    BatchResult {
        stored = List.copyOf(stored);
        done = List.copyOf(done);
        dead = List.copyOf(dead);
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
        return new BatchResult(stored, committed(outcomes), done, dead, left, outage(outcomes), isAnswered(outcomes));
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
        Settlement death = Settlement.dead(entry.delivery(), reason);
        List<Settlement> more = Stream.concat(dead.stream(), Stream.of(death)).toList();
        return new BatchResult(stored, committed, done, more, left, outage, answered);
    }
}
