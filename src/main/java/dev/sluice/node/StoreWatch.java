package dev.sluice.node;

import dev.sluice.log.Incident;
import dev.sluice.metrics.Counter;
import dev.sluice.metrics.Gauge;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Follows the connections to one store of a whole node: one log line when an outage begins and one when it ends, an error
 * again and again while the store takes no orders as it is, metrics, and the moments when the first connection stands and
 * when it is first known whether one does. Thread safe.
 */
final class StoreWatch implements StoreListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    /** How long reports of a loss by other connections count as the same loss. */
    private static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final String CLOSED = "all connections are closed";

    private final String name;
    private final Gauge up;
    private final Counter reconnects;
    private final Gauge unfit;
    private final Runnable changed;
    private final Incident outage;
    private final Refusals refusals = new Refusals();
    private final Promise<Void> first = Promise.promise();
    private final Promise<Void> tried = Promise.promise();

    private boolean lossSaid;
    private long lossSaidNanos;
    private int connections;
    private int lost;
    private volatile @Nullable String trouble = "not tried yet";
    private volatile StoreFindings findings = StoreFindings.NONE;

    /**
     * Follows one store.
     *
     * @param name as log lines have it
     * @param unfit counts the stores that take no orders as they are
     * @param changed told whenever {@link #trouble} may be another one; calls nothing here that waits
     */
    StoreWatch(String name, Gauge up, Counter reconnects, Gauge unfit, Runnable changed) {
        this.name = name;
        this.up = up;
        this.reconnects = reconnects;
        this.unfit = unfit;
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

    /** Why no connection could be made. */
    synchronized String refusal() {
        return refusals.reason();
    }

    /** How it stands, for a person. */
    synchronized StoreState standing() {
        boolean reached = trouble == null;
        return new StoreState(reached, findings.failoverLossy(), reached ? null : refusals.ofTheServer());
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
        unfit.subtract(refusals.isUnfit() ? 1 : 0);
        refusals.clear();
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
        long now = System.nanoTime();
        boolean wasUnfit = refusals.isUnfit();
        refusals.add(error, now);
        unfit.add(refusals.isUnfit() && !wasUnfit ? 1 : 0);
        if (error instanceof UnfitStoreException) {
            first.tryFail(error);
            tried.tryFail(error);
        } else if (refusals.isEnough(now)) {
            tried.tryComplete();
        }
        if (connections == 0 && !first.future().isComplete() && !refusals.isEnough(now)) {
            LOG.debug("{}: {} (a cold machine is silent at first)", name, refusals.reason());
            shown(refusals.reason());
        } else if (connections == 0) {
            away(refusals.reason());
        }
        if (refusals.isToBeSaid(now)) {
            LOG.error("{} takes no orders until this is mended: {}", name, refusals.reason());
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
