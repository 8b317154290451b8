package dev.sluice.bus.json;

import io.vertx.core.eventbus.Message;
import io.vertx.core.spi.metrics.EventBusMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of commits on the event bus of an extension, and how many messages each has not taken yet. The bus itself
 * tells: a handler whose thread is blocked takes none. Thread safe.
 */
final class Followers implements EventBusMetrics<Followers.@Nullable Follower> {

    /** Messages on their way to a consumer. Few: each is a whole batch, and is out of the budget by then. */
    static final int WINDOW = 2;

    /** One consumer. */
    static final class Follower {
        private final AtomicInteger queued = new AtomicInteger();
    }

    private final List<Follower> following = new CopyOnWriteArrayList<>();
    private final Runnable changed;
    private final Runnable taken;

    /**
     * None so far.
     *
     * @param changed called when there is the first one or no longer any, and at times without need
     * @param taken called when one has taken a message
     */
    Followers(Runnable changed, Runnable taken) {
        this.changed = changed;
        this.taken = taken;
    }

    /** Whether there is any. */
    boolean any() {
        return !following.isEmpty();
    }

    /** Whether there are any, and none is behind. */
    boolean haveRoom() {
        return any() && following.stream().allMatch(follower -> follower.queued.get() < WINDOW);
    }

    @Override
    public @Nullable Follower handlerRegistered(String address) {
        if (!address.equals(CommittedOrders.ADDRESS)) {
            return null;
        }
        Follower follower = new Follower();
        following.add(follower);
        changed.run();
        return follower;
    }

    @Override
    public void handlerUnregistered(@Nullable Follower follower) {
        if (follower != null && following.remove(follower)) {
            changed.run();
        }
    }

    @Override
    public void scheduleMessage(@Nullable Follower follower, boolean local) {
        if (follower != null) {
            follower.queued.incrementAndGet();
        }
    }

    @Override
    public void messageDelivered(@Nullable Follower follower, boolean local) {
        left(follower);
    }

    @Override
    public void discardMessage(@Nullable Follower follower, boolean local, Message<?> message) {
        left(follower);
    }

    private void left(@Nullable Follower follower) {
        if (follower != null) {
            follower.queued.decrementAndGet();
            taken.run();
        }
    }
}
