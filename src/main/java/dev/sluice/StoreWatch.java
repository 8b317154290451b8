package dev.sluice;

import dev.sluice.admin.Readiness;
import dev.sluice.log.Incident;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.StoreStatus;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CancellationException;
import org.slf4j.LoggerFactory;

/**
 * Follows the connections to PostgreSQL of a whole node: one log line when an outage begins and one when it ends,
 * readiness, metrics, and the moment when the first connection stands. Thread safe.
 */
final class StoreWatch implements StoreStatus {

    private final Incident outage =
            new Incident(LoggerFactory.getLogger(StoreWatch.class), "PostgreSQL", System::nanoTime);
    private final Promise<Void> first = Promise.promise();
    private static final String CLOSED = "all connections are closed";

    private final Readiness.Condition readiness;
    private final Metrics metrics;

    private int connections;
    private int lost;
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
        if (lost > 0) {
            lost--;
            metrics.postgresReconnects().increment();
        }
        outage.over();
        metrics.postgresUp().set(true);
        readiness.holds();
        first.tryComplete();
    }

    @Override
    public synchronized void down(String reason) {
        connections--;
        lost++;
        if (connections == 0) {
            away(reason);
        }
    }

    /** No outage: a writer or the node leaves. */
    @Override
    public synchronized void closed() {
        connections--;
        if (connections == 0) {
            shown(CLOSED);
        }
    }

    @Override
    public synchronized void refused(Throwable error) {
        lastRefusal = String.valueOf(error.getMessage());
        if (error instanceof UnsafeStoreException) {
            first.tryFail(error);
        }
        if (connections == 0) {
            away(lastRefusal);
        }
    }

    private void away(String reason) {
        outage.failed(reason);
        shown(reason);
    }

    private void shown(String reason) {
        metrics.postgresUp().set(false);
        readiness.fails(reason);
    }
}
