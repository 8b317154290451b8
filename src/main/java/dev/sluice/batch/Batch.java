package dev.sluice.batch;

import dev.sluice.order.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * What goes to the store in one transaction: every id once, ascending, so that concurrent batches lock rows in the
 * same order.
 *
 * @param leaders one entry per id, ascending by id; their orders are sent
 * @param followers same index as leaders: later entries with the same id and the same content, which share the outcome
 * @param rivals later entries with the same id and other content; to be sent after this batch is settled
 */
public record Batch<E>(List<E> leaders, List<List<E>> followers, List<E> rivals) {

    /** Sorts entries into one batch; of several with one id the first leads. */
    public static <E> Batch<E> of(List<E> entries, Function<E, Order> order) {
        List<E> sorted = new ArrayList<>(entries);
        Comparator<E> byId = Comparator.comparing(entry -> order.apply(entry).id(), UUID::compareTo);
        sorted.sort(byId);
        Batch<E> batch = new Batch<>(new ArrayList<>(sorted.size()), new ArrayList<>(sorted.size()), new ArrayList<>());
        for (E entry : sorted) {
            batch.add(entry, order);
        }
        return batch;
    }

    private void add(E entry, Function<E, Order> order) {
        E leader = leaders.isEmpty() ? null : leaders.get(leaders.size() - 1);
        if (leader == null
                || !order.apply(leader).id().equals(order.apply(entry).id())) {
            leaders.add(entry);
            followers.add(List.of());
        } else if (order.apply(leader).fingerprint().equals(order.apply(entry).fingerprint())) {
            follow(entry);
        } else {
            rivals.add(entry);
        }
    }

    private void follow(E entry) {
        int last = leaders.size() - 1;
        List<E> joined = new ArrayList<>(followers.get(last));
        joined.add(entry);
        followers.set(last, joined);
    }
}
