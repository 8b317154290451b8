package dev.sluice.drain;

import dev.sluice.batch.Batch;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.ArrayList;
import java.util.List;

/** What the outcomes of one batch mean for its entries. Pure. */
final class BatchResult {

    /** Of an entry that lost its id: first commit wins. */
    static final String CONFLICT = "client_order_id_reused: another content was committed first";

    final List<Settlement> done = new ArrayList<>();
    /** Dead letters to be, and the entries that are spent once these are. */
    final List<Settlement> dead = new ArrayList<>();
    /** Orders that have a row now. */
    final List<Order> stored = new ArrayList<>();
    /** Entries that an outage hit: nothing is said of them. */
    final List<Held> left = new ArrayList<>();
    /** Rows that were made, not found. */
    int committed;

    String outage = "";

    /** Whether the store answered for each of those that are left: it was there, and failed them. */
    boolean answered = true;

    /** @param outcomes same index as the batch's leaders */
    static BatchResult of(Batch<Held> batch, List<Outcome> outcomes) {
        BatchResult judgement = new BatchResult();
        for (int i = 0; i < outcomes.size(); i++) {
            judgement.judge(batch.leaders().get(i), batch.followers().get(i), outcomes.get(i));
        }
        return judgement;
    }

    private void judge(Held leader, List<Held> followers, Outcome outcome) {
        if (outcome instanceof Outcome.Committed) {
            committed++;
            stored(leader, followers);
        } else if (outcome instanceof Outcome.Replayed) {
            stored(leader, followers);
        } else if (outcome instanceof Outcome.Conflict) {
            dead(leader, followers, CONFLICT);
        } else if (outcome instanceof Outcome.Refused refused) {
            dead(leader, followers, refused.reason());
        } else {
            answered &= outcome instanceof Outcome.NotStored;
            left(leader, followers, reason(outcome));
        }
    }

    private static String reason(Outcome outcome) {
        if (outcome instanceof Outcome.NotStored notStored) {
            return notStored.reason();
        }
        return outcome instanceof Outcome.Unknown unknown ? unknown.reason() : "the store gave no outcome of its own";
    }

    private void stored(Held leader, List<Held> followers) {
        stored.add(leader.order());
        done.add(Settlement.done(leader.delivery()));
        followers.forEach(follower -> done.add(Settlement.done(follower.delivery())));
    }

    /** An order dies only once. Its other entries are spent, yet not before it has died: settling one takes the order. */
    private void dead(Held leader, List<Held> followers, String reason) {
        condemn(leader, reason);
        followers.forEach(follower -> dead.add(Settlement.done(follower.delivery())));
    }

    void condemn(Held entry, String reason) {
        dead.add(Settlement.dead(entry.delivery(), reason));
    }

    private void left(Held leader, List<Held> followers, String reason) {
        outage = reason;
        left.add(leader);
        left.addAll(followers);
    }

    boolean hasOutage() {
        return !left.isEmpty();
    }
}
