package dev.sluice;

import dev.sluice.admin.Readiness;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the connections to PostgreSQL of a whole node: one log line when an outage begins and one when it ends,
 * readiness, metrics, and the moment when the first connection stands. Thread safe.
 */
final class StoreWatch implements StoreStatus {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final Readiness.Condition readiness;
    private final Metrics metrics;
    private final Promise<Void> first = Promise.promise();

    private int connections;
    private boolean everUp;
    private boolean away = true;
    private boolean told;
    private long attempts;
    private long awaySinceNanos = System.nanoTime();
    private String lastRefusal = "not tried yet";

    StoreWatch(Readiness.Condition readiness, Metrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /** Succeeds when the first connection stands; fails where the server must not be used. */
    Future<Void> first() {
        return first.future();
    }

    /** The node is stopping: whoever waits for the first connection waits no longer. */
    void giveUp() {
        first.tryFail(new CancellationException("stopped while waiting for PostgreSQL"));
    }

    /** Why the last attempt to connect failed. */
    synchronized String lastRefusal() {
        return lastRefusal;
    }

    @Override
    public synchronized void up() {
        connections++;
        if (everUp) {
            metrics.postgresReconnects().increment();
        }
        if (away && told) {
            LOG.info("PostgreSQL answers again after {} s, {} attempts", awaySeconds(), attempts);
        }
        everUp = true;
        away = false;
        told = false;
        attempts = 0;
        metrics.postgresUp().set(true);
        readiness.holds();
        first.tryComplete();
    }

    @Override
    public synchronized void down(String reason) {
        connections--;
        if (connections == 0) {
            away = true;
            awaySinceNanos = System.nanoTime();
            metrics.postgresUp().set(false);
            readiness.fails(reason);
        }
    }

    @Override
    public synchronized void refused(Throwable error) {
        attempts++;
        lastRefusal = String.valueOf(error.getMessage());
        if (error instanceof UnsafeStoreException) {
            first.tryFail(error);
        }
        if (away && !told) {
            told = true;
            LOG.warn("PostgreSQL cannot be used, trying on: {}", lastRefusal);
            readiness.fails(lastRefusal);
        } else {
            LOG.debug("PostgreSQL cannot be used: {}", lastRefusal);
        }
    }

    private long awaySeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - awaySinceNanos);
    }
}
