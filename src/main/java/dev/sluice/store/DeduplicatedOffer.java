package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers orders to the overflow though an id may be among them more than once: the first one is sent, what has its
 * content shares its outcome, what has other content follows when that is known.
 */
public final class DeduplicatedOffer {

    private static final Logger LOG = LoggerFactory.getLogger(DeduplicatedOffer.class);

    private final OverflowQueue queue;
    private final List<Order> orders;
    private final Deadline deadline;
    private final Outcome[] outcomes;

    private DeduplicatedOffer(OverflowQueue queue, List<Order> orders, Deadline deadline) {
        this.queue = queue;
        this.orders = orders;
        this.deadline = deadline;
        this.outcomes = new Outcome[orders.size()];
    }

    /** Each order's outcome, in their order; as {@link OverflowQueue#offer}. Never fails. */
    public static Future<List<Outcome>> offer(OverflowQueue queue, List<Order> orders, Deadline deadline) {
        List<Integer> all = new ArrayList<>(orders.size());
        for (int i = 0; i < orders.size(); i++) {
            all.add(i);
        }
        return new DeduplicatedOffer(queue, orders, deadline)
                .offer(all)
                .otherwise(error -> undeclared(orders.size(), error));
    }

    /**
     * What becomes of an order that PostgreSQL did not settle and that was offered then.
     *
     * @param before {@code NotStored} or {@code Unknown}: an unknown order may be a row, so only an entry settles it
     */
    public static Outcome settled(Outcome before, Outcome offered) {
        if (offered instanceof Outcome.Queued) {
            return offered;
        }
        if (before instanceof Outcome.NotStored first && offered instanceof Outcome.NotStored second) {
            return new Outcome.NotStored(first.reason() + ", and " + second.reason());
        }
        return before instanceof Outcome.Unknown ? before : offered;
    }

    private Future<List<Outcome>> offer(List<Integer> indexes) {
        Map<UUID, Integer> byId = new HashMap<>();
        List<Order> leaders = new ArrayList<>();
        int[] places = new int[indexes.size()];
        for (int i = 0; i < places.length; i++) {
            Order order = orders.get(indexes.get(i));
            Integer before = byId.putIfAbsent(order.id(), leaders.size());
            places[i] = before == null ? leaders.size() : before;
            if (before == null) {
                leaders.add(order);
            }
        }
        return queue.offer(leaders, deadline).compose(answers -> {
            List<Integer> rivals = share(indexes, places, leaders, answers);
            return rivals.isEmpty() ? Future.succeededFuture(Arrays.asList(outcomes)) : offer(rivals);
        });
    }

    /** Tells whoever has the content of what was sent; the result are those with other content. */
    private List<Integer> share(List<Integer> indexes, int[] places, List<Order> leaders, List<Outcome> answers) {
        List<Integer> rivals = new ArrayList<>();
        int led = 0;
        for (int i = 0; i < places.length; i++) {
            Order order = orders.get(indexes.get(i));
            Order leader = leaders.get(places[i]);
            Outcome answer = answers.get(places[i]);
            if (places[i] == led) {
                outcomes[indexes.get(i)] = answer;
                led++;
            } else if (order.fingerprint().equals(leader.fingerprint())) {
                outcomes[indexes.get(i)] = repeated(answer);
            } else {
                rivals.add(indexes.get(i));
            }
        }
        return rivals;
    }

    private static List<Outcome> undeclared(int orders, Throwable error) {
        LOG.warn("the overflow failed in a way that it does not declare: {}", error.toString());
        return Collections.nCopies(orders, new Outcome.Unknown("the overflow failed"));
    }

    /** What a repetition hears: the entry is there now, so it is a replay. */
    private static Outcome repeated(Outcome outcome) {
        return outcome instanceof Outcome.Queued queued ? new Outcome.Queued(queued.entry(), true) : outcome;
    }
}
