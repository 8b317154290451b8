package dev.sluice.store;

import dev.sluice.store.DeadLetters.DeadLetter;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The overflow of a running node, as an operator sees it and works on it. Any thread may call; an answer may come on
 * another one. A call fails with {@link Disabled} where there is no overflow, which is what each method does unless it is
 * implemented; else with {@link StoreFailure}.
 */
public interface OverflowOperations {

    /** A node without an overflow. */
    OverflowOperations OFF = new OverflowOperations() {};

    /**
     * How the overflow fares.
     *
     * @param up whether its Redis answers; where not, the numbers are those of the last look
     * @param entries queued orders, of all nodes
     * @param oldestSeconds age of the oldest of them, 0 where there is none
     * @param deadLetters tombstones not counted
     * @param drainedTotal orders that this node has drained since it started
     * @param state what its drain is doing
     */
    record Status(boolean up, long entries, double oldestSeconds, long deadLetters, long drainedTotal, String state) {}

    default Future<Status> status() {
        return disabled();
    }

    /** As {@link DeadLetters#list}. */
    default Future<DeadLetters.Page> deadLetters(@Nullable UUID after, int max, int bytesMax) {
        return disabled();
    }

    /** One of them, or its tombstone. */
    default Future<Optional<DeadLetter>> deadLetter(UUID id) {
        return disabled();
    }

    /** Queues it again; empty where there is none. */
    default Future<Optional<DeadLetter>> replay(UUID id) {
        return disabled();
    }

    /** Leaves a tombstone in its place; empty where there is none. */
    default Future<Optional<DeadLetter>> discard(UUID id) {
        return disabled();
    }

    private static <T> Future<T> disabled() {
        return Future.failedFuture(new Disabled());
    }

    /** There is no overflow. */
    final class Disabled extends RuntimeException {

        private static final long serialVersionUID = 1;

        public Disabled() {
            super("this node has no overflow: set redis.uri, and overflow.enabled to true", null, false, false);
        }
    }
}
