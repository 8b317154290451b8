package dev.sluice.store;

import dev.sluice.order.Order;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The same queue, the side that orders leave by. Each entry is delivered to one reader, and again to another when
 * that one is gone. Owned by one event loop: called there, answers there.
 */
public interface DrainQueue {

    /** The reason of a settlement that fails at the bound of dead letters. */
    String DEAD_LETTERS_FULL = "dead letters are full";

    /**
     * One delivery.
     *
     * @param partition of the queue that it came from
     * @param entryId in that partition's stream; orders that were queued together share it
     * @param order null where the entry holds nothing any more (it was settled by an earlier delivery, or is a
     *     repetition): to be settled as {@link Settlement#done}
     * @param deliveries how often it was delivered, this time included
     */
    record Delivery(
            int partition,
            String entryId,
            @Nullable UUID id,
            @Nullable Order order,
            long deliveries) {}

    /**
     * What is to become of a delivery.
     *
     * @param deadBecause null where it is stored; else why PostgreSQL will never take it
     */
    record Settlement(Delivery delivery, @Nullable String deadBecause) {

        public static Settlement done(Delivery delivery) {
            return new Settlement(delivery, null);
        }

        public static Settlement dead(Delivery delivery, String reason) {
            return new Settlement(delivery, reason);
        }
    }

    boolean isUp();

    /** Whether this reader drains a part of the queue; else another node does, and reads bring nothing here. */
    default boolean isDrainer() {
        return true;
    }

    /**
     * About so many deliveries, as entries are delivered whole: what this reader was given and never settled first, then what a reader that is gone
     * left behind, then new entries. Empty where there is none.
     *
     * @return fails only with {@link StoreFailure}
     */
    Future<List<Delivery>> read(int max);

    /**
     * Acknowledges and deletes the entries, and makes dead letters of those that are to be, entry, index and dead
     * letter of each in one transaction. At the dead-letter bound nothing is moved and it fails with NOT_STORED and
     * {@link #DEAD_LETTERS_FULL}; a store without room for a dead letter refuses too, with a reason of its own.
     * Repeating it is harmless.
     *
     * @return fails only with {@link StoreFailure}
     */
    Future<Void> settle(List<Settlement> settlements);

    /** Entries, oldest entry, dead letters: a fresh look. */
    Future<OverflowState> look();

    Future<Void> close();
}
