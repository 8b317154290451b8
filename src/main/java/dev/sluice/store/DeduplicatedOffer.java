package dev.sluice.store;

import dev.sluice.batch.Batch;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
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
        List<Integer> all = IntStream.range(0, orders.size()).boxed().toList();
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

    private Future<List<Outcome>> offer(List<Integer> places) {
        Batch<Integer> batch = Batch.of(places, orders::get);
        List<Order> leaders = batch.leaders().stream().map(orders::get).toList();
        return queue.offer(leaders, deadline).compose(answers -> {
            for (int i = 0; i < answers.size(); i++) {
                Outcome answer = answers.get(i);
                outcomes[batch.leaders().get(i)] = answer;
                batch.followers().get(i).forEach(follower -> outcomes[follower] = repeated(answer));
            }
            return batch.rivals().isEmpty() ? Future.succeededFuture(Arrays.asList(outcomes)) : offer(batch.rivals());
        });
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
