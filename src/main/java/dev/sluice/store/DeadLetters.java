package dev.sluice.store;

import dev.sluice.order.Order;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Queued orders that PostgreSQL will never take, and the tombstones of those that were discarded. Owned by one event
 * loop: called there, answers there. Every call fails only with {@link StoreFailure}.
 */
public interface DeadLetters {

    /**
     * One dead letter, or its tombstone.
     *
     * @param id of its own; derived from order id and fingerprint, so that the same order dies only once
     * @param order as it was queued
     * @param reason why PostgreSQL refused it, in its own words; for operators
     * @param diedAtMicros microseconds since the epoch
     * @param discarded whether it is a tombstone: kept as a trace, not replayable
     */
    record DeadLetter(UUID id, Order order, String reason, long diedAtMicros, boolean discarded) {

        /** What PostgreSQL said ends so. */
        private static final Pattern SERVERS_WORDS = Pattern.compile(".*\\(SQLSTATE ([0-9A-Z]{5})\\)", Pattern.DOTALL);

        /** The reason as the order's client hears it: the server's words may name constraints, rows and hosts. */
        public String saidToClient() {
            Matcher server = SERVERS_WORDS.matcher(reason);
            return server.matches() ? "PostgreSQL answered SQLSTATE " + server.group(1) : reason;
        }

        /** What a discard leaves in its place. */
        public DeadLetter tombstone() {
            return new DeadLetter(id, order, reason, diedAtMicros, true);
        }
    }

    /**
     * Some of them, ordered by id.
     *
     * @param next the id to go on after; null where there are no more
     */
    record Page(List<DeadLetter> letters, @Nullable UUID next) {

        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * Up to so many, ordered by id, after that id (null: from the first); without tombstones.
     *
     * @param bytesMax the page ends with the letter that brings the weight of its orders to this
     */
    Future<Page> list(@Nullable UUID after, int max, int bytesMax);

    Future<Optional<DeadLetter>> get(UUID id);

    /** Those of one order id, tombstones included. */
    Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline);

    /** Queues it again under its old id and removes the dead letter, in one transaction; empty where there is none. */
    Future<Optional<DeadLetter>> replay(UUID id);

    /** Leaves a tombstone in its place, in one transaction, and answers it; empty where there is no dead letter. */
    Future<Optional<DeadLetter>> discard(UUID id);

    /** The order was committed: its dead letter of the same content, if there is one, is removed. */
    Future<Void> resolve(List<Order> committed);

    Future<Void> close();

    /** The dead letters of a node without an overflow: there are none. Without state; any thread. */
    final class None implements DeadLetters {

        @Override
        public Future<Page> list(@Nullable UUID after, int max, int bytesMax) {
            return Future.succeededFuture(new Page(List.of(), null));
        }

        @Override
        public Future<Optional<DeadLetter>> get(UUID id) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Optional<DeadLetter>> replay(UUID id) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Optional<DeadLetter>> discard(UUID id) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Void> resolve(List<Order> committed) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
