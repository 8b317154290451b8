package dev.sluice.writer;

import dev.sluice.batch.Batch;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Tells each order of a batch what PostgreSQL decided. What it left open goes to the overflow while that is up. Owned by
 * the writer's event loop.
 */
final class BatchSettlement {

    private static final Outcome LEADER_QUEUED = new Outcome.NotStored("PostgreSQL cannot keep up or is away");

    private final OverflowWriter overflow;

    BatchSettlement(OverflowWriter overflow) {
        this.overflow = overflow;
    }

    /** Settles or hands over each leader and its followers; the result are the rivals of those that were settled. */
    List<PendingOrder> settle(Batch<PendingOrder> batch, List<Outcome> outcomes, long sentNanos) {
        Set<UUID> handedOver = Set.of();
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            PendingOrder leader = batch.leaders().get(i);
            if (outcome.isOpen() && overflow.isUp()) {
                handedOver = handedOver.isEmpty() ? new HashSet<>() : handedOver;
                handedOver.add(leader.order().id());
                overflow.take(leader, outcome);
                batch.followers().get(i).forEach(follower -> overflow.take(follower, outcome));
            } else {
                settle(leader, batch.followers().get(i), outcome, sentNanos);
            }
        }
        return handedOver.isEmpty() || batch.rivals().isEmpty() ? batch.rivals() : rivals(batch, handedOver);
    }

    /** Rivals of what goes to the overflow follow it there. */
    private List<PendingOrder> rivals(Batch<PendingOrder> batch, Set<UUID> handedOver) {
        batch.rivals().stream()
                .filter(rival -> handedOver.contains(rival.order().id()))
                .forEach(rival -> overflow.take(rival, LEADER_QUEUED));
        return batch.rivals().stream()
                .filter(rival -> !handedOver.contains(rival.order().id()))
                .toList();
    }

    static void settle(PendingOrder leader, List<PendingOrder> followers, Outcome outcome, long sentNanos) {
        leader.settle(outcome, sentNanos);
        for (PendingOrder follower : followers) {
            follower.settle(shared(leader.order(), outcome), sentNanos);
        }
    }

    /** What a repetition within the batch hears: the row is there now, so it is a replay. */
    private static Outcome shared(Order leader, Outcome outcome) {
        return outcome instanceof Outcome.Committed committed
                ? new Outcome.Replayed(new StoredOrder(leader, committed.committedAtMicros()))
                : outcome;
    }
}
