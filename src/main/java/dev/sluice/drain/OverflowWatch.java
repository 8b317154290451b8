package dev.sluice.drain;

import dev.sluice.log.Sampled;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.OverflowOperations.Status;
import dev.sluice.store.OverflowState;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full the overflow is, as of the last look, and what this drain has done: for metrics, operators and the log. Owned
 * by the drain's event loop.
 */
final class OverflowWatch {

    private static final Logger LOG = LoggerFactory.getLogger(OverflowWatch.class);
    /** Another node drains. */
    private static final String STANDBY = "standby";

    private static final double MS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);

    private final DrainQueue queue;
    private final Metrics metrics;
    private final LongSupplier clockMillis;
    private final Sampled deaths;

    private OverflowState last = new OverflowState(0, 0, 0);
    private boolean looking;
    private boolean diedSince = true;
    private long drained;

    OverflowWatch(DrainQueue queue, Metrics metrics, LongSupplier nanoClock, LongSupplier clockMillis) {
        this.queue = queue;
        this.metrics = metrics;
        this.clockMillis = clockMillis;
        this.deaths = new Sampled(LOG, "drain: a queued order became a dead letter", nanoClock);
    }

    /** Looks again, unless a look is under way; never fails. */
    Future<Void> look() {
        if (!queue.isUp() || looking) {
            shown();
            return Future.succeededFuture();
        }
        looking = true;
        diedSince = false;
        return Future.succeededFuture().compose(now -> queue.look()).transform(result -> {
            looking = false;
            if (result.succeeded()) {
                last = result.result();
            } else {
                diedSince = true;
                LOG.debug("the overflow does not tell how full it is: {}", String.valueOf(result.cause()));
            }
            shown();
            return Future.succeededFuture();
        });
    }

    private void shown() {
        metrics.overflow().depth().set((double) last.entries());
        metrics.overflow().oldestSeconds().set(oldestSeconds());
        metrics.overflow().deadLetters().set((double) last.deadLetters());
    }

    /** Orders have a row and left the queue. */
    void drained(int orders) {
        drained += orders;
        metrics.overflow().drained().add(orders);
    }

    /** They became dead letters. */
    void died(List<Settlement> dead) {
        diedSince |= !dead.isEmpty();
        for (Settlement settlement : dead) {
            if (settlement.deadBecause() != null) {
                deaths.happened("order " + settlement.delivery().id() + ", " + settlement.deadBecause());
            }
        }
    }

    /** Whether a dead letter may be there that a commit resolves. */
    boolean mayHaveDeadLetters() {
        return diedSince || last.deadLetters() > 0;
    }

    Status status(String drainState) {
        String shownState = queue.isUp() && !queue.isDrainer() ? STANDBY : drainState;
        return new Status(queue.isUp(), last.entries(), oldestSeconds(), last.deadLetters(), drained, shownState);
    }

    /** Age of the oldest entry, 0 where there is none. */
    private double oldestSeconds() {
        boolean none = last.entries() == 0 || last.oldestMillis() == 0;
        return none ? 0 : Math.max(0, clockMillis.getAsLong() - last.oldestMillis()) / MS_PER_SECOND;
    }
}
