package dev.sluice.node;

import dev.sluice.log.Incident;
import dev.sluice.metrics.Counter;
import dev.sluice.metrics.Gauge;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Follows the connections to one store of a whole node: one log line when an outage begins and one when it ends,
 * metrics, and the moments when the first connection stands and when it is first known whether one does. Thread safe.
 */
final class StoreWatch implements StoreListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    /** How long reports of a loss by other connections count as the same loss. */
    private static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final String CLOSED = "all connections are closed";

    private final String name;
    private final Gauge up;
    private final Counter reconnects;
    private final Runnable changed;
    private final Incident outage;
    private final Promise<Void> first = Promise.promise();
    private final Promise<Void> tried = Promise.promise();

    private boolean lossSaid;
    private long lossSaidNanos;
    private int connections;
    private int lost;
    private volatile @Nullable String trouble = "not tried yet";
    private volatile String lastRefusal = "not tried yet";
    private volatile StoreFindings findings = StoreFindings.NONE;

    /**
     * Of one store.
     *
     * @param name as log lines have it
     * @param changed told whenever {@link #trouble} may be another one; calls nothing here that waits
     */
    StoreWatch(String name, Gauge up, Counter reconnects, Runnable changed) {
        this.name = name;
        this.up = up;
        this.reconnects = reconnects;
        this.changed = changed;
        this.outage = new Incident(LOG, name, System::nanoTime);
    }

    /** Succeeds when the first connection stands; fails where the server must not be used. */
    Future<Void> first() {
        return first.future();
    }

    /** Succeeds when the first connection stands or could not be made; fails as {@link #first()}. */
    Future<Void> tried() {
        return tried.future();
    }

    /** The node is stopping: nothing waits for the first connection any longer. */
    void giveUp() {
        CancellationException stopped = new CancellationException("stopped while waiting for " + name);
        first.tryFail(stopped);
        tried.tryFail(stopped);
    }

    /** Why there is no connection; null while there is one. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Why the last attempt to connect failed. */
    String lastRefusal() {
        return lastRefusal;
    }

    /** How it stands, for a person. */
    StoreState standing() {
        return new StoreState(trouble == null, findings.failoverLossy());
    }

    @Override
    public synchronized void found(StoreFindings found) {
        found.warnings().stream()
                .filter(warning -> !findings.warnings().contains(warning))
                .forEach(warning -> LOG.warn("{}: {}", name, warning));
        findings = found;
    }

    @Override
    public synchronized void lost(String what) {
        long now = System.nanoTime();
        boolean said = lossSaid && now - lossSaidNanos < LOSS_NANOS;
        lossSaid = true;
        lossSaidNanos = now;
        LOG.atLevel(said ? Level.DEBUG : Level.ERROR).log("ACKNOWLEDGED ORDERS MAY BE LOST: {}", what);
    }

    @Override
    public synchronized void up() {
        connections++;
        if (lost > 0) {
            lost--;
            reconnects.increment();
        }
        outage.over();
        shown(null);
        first.tryComplete();
        tried.tryComplete();
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
            tried.tryFail(error);
        }
        tried.tryComplete();
        if (connections == 0) {
            away(lastRefusal);
        }
    }

    private void away(String reason) {
        outage.failed(reason);
        shown(reason);
    }

    private void shown(@Nullable String reason) {
        up.set(reason == null);
        trouble = reason;
        changed.run();
    }
}
