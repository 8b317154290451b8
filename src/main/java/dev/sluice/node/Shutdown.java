package dev.sluice.node;

import dev.sluice.admin.LoopPulse;
import dev.sluice.config.SluiceConfig;
import dev.sluice.extension.Extensions;
import dev.sluice.http.IntakeSharedState;
import dev.sluice.listener.PausableTransport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which a node leaves: new orders and connections are refused, what is in flight is stored and answered,
 * connections end with their answers, and only then do writers and stores go. Does not block.
 */
record Shutdown(
        SluiceConfig config,
        NodeVertx vertx,
        Vertx adminVertx,
        LoopPulse loops,
        IntakeSharedState intakes,
        PausableTransport transport,
        Deployments deployments,
        JsonBus jsonBus,
        Extensions extensions) {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    /** Beyond the store deadline, for writers to end and stores to be left, once the intake is quiet or given up. */
    private static final long CLOSE_SLACK_MS = 1_000;

    /**
     * To be called once; completes when nothing is left of the node, within {@code shutdown.deadlineMs} of now.
     *
     * @param started completes when the node has come up, or has failed to
     */
    Future<Void> after(Future<Void> started) {
        long deadlineNanos = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(config.shutdown().deadlineMs());
        return started.transform(start -> {
            Future<Void> drained = start.succeeded() ? drain(deadlineNanos) : Future.succeededFuture();
            return drained.transform(done -> closeAll());
        });
    }

    private Future<Void> drain(long deadlineNanos) {
        return pause(config.shutdown().graceMs())
                .compose(done -> {
                    LOG.debug("draining {} open requests", intakes.openRequests());
                    intakes.drain();
                    return transport.close(deployments.httpPort());
                })
                .compose(refusing -> Future.join(deployments.drainIntakes(), jsonBus.leave()))
                .compose(answered -> vertx.leaveCluster())
                .timeout(Math.max(1, millisUntil(deadlineNanos) - closeLimitMs()), TimeUnit.MILLISECONDS)
                .onFailure(late -> LOG.warn("{} requests were not answered in time", intakes.openRequests(), late));
    }

    private static long millisUntil(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
    }

    private long closeLimitMs() {
        return config.writer().deadlineMs() + CLOSE_SLACK_MS;
    }

    /** Bounded: the driver waits for a frozen server to take leave of a connection that it was just opening. */
    private Future<Void> closeAll() {
        loops.unwatchAll();
        Promise<Void> closed = Promise.promise();
        long limit = adminVertx.setTimer(closeLimitMs(), late -> {
            LOG.warn("a store does not let go of its connections; leaving without");
            closed.tryComplete();
        });
        Future.join(extensions.stop(), vertx.close()).<Void>mapEmpty().onComplete(done -> {
            adminVertx.cancelTimer(limit);
            closed.tryComplete();
        });
        return closed.future().transform(done -> adminVertx.close());
    }

    private Future<Void> pause(long ms) {
        if (ms == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> passed = Promise.promise(); // bound to no event loop: what follows outlives them
        adminVertx.setTimer(ms, id -> passed.complete());
        return passed.future();
    }
}
