package dev.sluice.drain;

import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Settlement;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the store has decided and the queue does not know yet. Each step is forgotten as soon as it is done, so that a
 * second try repeats nothing: first dead letters of what is stored now, then what is done, then what is dead, which
 * alone can meet the bound of dead letters.
 */
final class Unsettled {

    private List<Order> stored = List.of();
    private List<Settlement> done = List.of();
    private List<Settlement> dead = List.of();
    private int orders;

    /** Comes to what is left of an earlier one. Not while it is being settled. */
    void take(BatchResult judgement, boolean resolving) {
        stored = resolving ? both(stored, judgement.stored) : stored;
        done = both(done, judgement.done);
        dead = both(dead, judgement.dead);
        orders += judgement.stored.size();
    }

    /** Entries that hold nothing any more. */
    void take(List<Settlement> spent) {
        done = both(done, spent);
    }

    private static <T> List<T> both(List<T> before, List<T> more) {
        return Stream.concat(before.stream(), more.stream()).toList();
    }

    boolean isEmpty() {
        return stored.isEmpty() && done.isEmpty() && dead.isEmpty();
    }

    boolean hasDead() {
        return !dead.isEmpty();
    }

    /** Whether only dead letters are left to be stored. */
    boolean isDeadOnly() {
        return stored.isEmpty() && done.isEmpty() && !dead.isEmpty();
    }

    /** Fails as the queue does. */
    Future<Void> settle(DrainQueue queue, DeadLetters deadLetters, RetryQueue held, OverflowWatch watch) {
        return resolve(deadLetters)
                .compose(resolved -> settle(queue, done))
                .compose(settled -> {
                    held.release(done);
                    watch.drained(orders);
                    done = List.of();
                    orders = 0;
                    return settle(queue, dead);
                })
                .onSuccess(settled -> {
                    if (!dead.isEmpty()) {
                        held.release(dead);
                        watch.died(dead);
                        dead = List.of();
                    }
                });
    }

    private Future<Void> resolve(DeadLetters deadLetters) {
        if (stored.isEmpty()) {
            return Future.succeededFuture();
        }
        return deadLetters.resolve(stored).onSuccess(resolved -> stored = List.of());
    }

    private static Future<Void> settle(DrainQueue queue, List<Settlement> settlements) {
        return settlements.isEmpty() ? Future.succeededFuture() : queue.settle(settlements);
    }

    /** Perhaps it was settled, perhaps not: what was not is read again. */
    void forget(RetryQueue held) {
        held.release(done);
        held.release(dead);
        stored = List.of();
        done = List.of();
        dead = List.of();
        orders = 0;
    }
}
