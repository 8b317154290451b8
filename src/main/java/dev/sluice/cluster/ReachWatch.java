package dev.sluice.cluster;

import dev.sluice.bus.MemberChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks once a second whether the cluster reaches this node: its subscriptions are listed, others are heard, and one of
 * them reaches it. What is lost is subscribed anew; {@link SelfCheck} decides what follows. Owned by one event loop.
 */
final class ReachWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ReachWatch.class);

    private static final long CHECK_MS = 1_000;

    /** By then Hazelcast has removed members that a network cut keeps away. */
    private static final long DEAF_NANOS =
            TimeUnit.SECONDS.toNanos(HazelcastSettings.SILENT_SECONDS) + TimeUnit.MILLISECONDS.toNanos(1_500);

    private final Vertx vertx;
    private final NodeClusterManager manager;
    private final String node;
    private final Membership membership;
    private final MemberChannel channel;
    private final ClusterNode.Standing standing;
    private final BooleanSupplier leaving;
    private final Subscriptions subscriptions;
    private final SelfCheck selfCheck = new SelfCheck();
    private long aloneUntilNanos;
    private int asked;

    ReachWatch(
            Vertx vertx,
            NodeClusterManager manager,
            String node,
            Membership membership,
            MemberChannel channel,
            ClusterNode.Standing standing,
            BooleanSupplier leaving) {
        this.vertx = vertx;
        this.manager = manager;
        this.node = node;
        this.membership = membership;
        this.channel = channel;
        this.standing = standing;
        this.leaving = leaving;
        this.subscriptions = new Subscriptions(manager);
    }

    /** Checks from now on until the node leaves. */
    void begin() {
        aloneUntilNanos = System.nanoTime();
        check();
    }

    private void checkLater() {
        vertx.setTimer(CHECK_MS, id -> {
            if (!leaving.getAsBoolean()) {
                check();
            }
        });
    }

    /** One at a time: the next one begins a while after it ended. */
    private void check() {
        subscriptions
                .missing()
                .compose(missing -> whyNotReached(missing).onSuccess(this::found))
                .onFailure(error -> LOG.debug("cluster: no self-check: {}", error.getMessage()))
                .onComplete(checked -> checkLater());
    }

    /** Empty where the cluster reaches this node; fails where no member can tell. */
    private Future<String> whyNotReached(List<String> missing) {
        long now = System.nanoTime();
        List<String> others = manager.others();
        if (!missing.isEmpty()) {
            return Future.succeededFuture("the cluster has lost subscriptions of this node");
        }
        if (others.isEmpty()) {
            aloneUntilNanos = now;
            return Future.succeededFuture("");
        }
        if (now - membership.lastHeardNanos(others, aloneUntilNanos) > DEAF_NANOS) {
            return Future.succeededFuture("nothing is heard of the other members");
        }
        return askOneOf(membership.audible(others, now));
    }

    private Future<String> askOneOf(List<String> audible) {
        if (audible.isEmpty()) {
            return Future.failedFuture("no other member is heard");
        }
        String witness = audible.get(Math.floorMod(asked++, audible.size()));
        return channel.reachThrough(witness, node)
                .map(reached ->
                        reached.ok() ? "" : "node " + witness + " does not reach this one: " + reached.detail());
    }

    private void found(String reason) {
        switch (selfCheck.found(reason.isEmpty(), System.nanoTime())) {
            case GO_ON -> standing.reached();
            case HEAL -> heal(reason);
            case HEAL_UNREADY -> {
                standing.notReached(reason);
                heal(reason);
            }
            case LEAVE ->
                standing.lost("for 30 s the cluster has not reached this node, and to subscribe anew did not"
                        + " help (" + reason + "): start it again");
        }
    }

    private void heal(String reason) {
        LOG.warn("cluster: {}; subscribing anew", reason);
        subscriptions
                .restore()
                .onFailure(error -> LOG.warn("cluster: subscribing anew failed: {}", error.getMessage()));
    }
}
