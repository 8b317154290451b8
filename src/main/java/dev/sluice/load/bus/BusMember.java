package dev.sluice.load.bus;

import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.json.SubmitVerticle;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.config.ClusterConfig;
import dev.sluice.wire.Forms;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The generator as a member of a cluster: it announces itself, hears the nodes, and takes no orders. One event loop has all
 * of it. Any thread may call it.
 */
final class BusMember {

    /** A node that starts at the same moment, or a cluster that finds itself late, is waited for so long. */
    private static final long CONSUMER_WAIT_MS = 6_000;

    private static final long CONSUMER_LOOK_MS = 200;
    private static final long LEAVE_MS = 5_000;
    private static final int ID_CHARS = 12;

    private final ClusterNode node;
    private final Future<String> lost;
    private final ContextInternal context;

    private BusMember(ClusterNode node, Future<String> lost) {
        this.node = node;
        this.lost = lost;
        this.context = ((VertxInternal) node.vertx()).createEventLoopContext();
    }

    /**
     * Joins, and waits until the cluster knows a node that takes orders.
     *
     * @param release of Sluice, for the others to read
     * @return fails with {@link ConnectException} where no such node is found, and with {@link java.net.BindException}
     *     where one of both ports is taken
     */
    static Future<BusMember> join(ClusterConfig cluster, String release) {
        Promise<String> lost = Promise.promise();
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, ID_CHARS);
        String name = "load, process " + ProcessHandle.current().pid();
        VertxOptions oneLoop = new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1);
        return ClusterNode.join(
                        Vertx.builder(),
                        oneLoop,
                        cluster,
                        new WriterDirectory(),
                        new ClusterNode.Self(id, name, release, () -> 0),
                        Forms.ofThisRelease(),
                        standing(lost))
                .recover(error -> Future.failedFuture(explained(error, cluster)))
                .compose(joined -> begin(joined, cluster)
                        .map(begun -> new BusMember(joined, lost.future()))
                        .recover(error -> left(joined).transform(done -> Future.failedFuture(error))));
    }

    private static IOException explained(Throwable error, ClusterConfig cluster) {
        return error instanceof IOException known
                ? known
                : new IOException("cluster '" + cluster.name() + "' cannot be joined: " + error.getMessage(), error);
    }

    private static ClusterNode.Standing standing(Promise<String> lost) {
        return new ClusterNode.Standing() {
            @Override
            public void reached() {}

            @Override
            public void notReached(String reason) {}

            @Override
            public void lost(String reason) {
                lost.tryComplete(reason);
            }
        };
    }

    private static Future<Void> begin(ClusterNode joined, ClusterConfig cluster) {
        Wire.register(joined.vertx());
        return joined.start().compose(begun -> awaitConsumer(joined, cluster, CONSUMER_WAIT_MS));
    }

    private static Future<Void> awaitConsumer(ClusterNode joined, ClusterConfig cluster, long leftMs) {
        return joined.consumersElsewhere(SubmitVerticle.ADDRESS).compose(consumers -> {
            if (consumers > 0) {
                return Future.succeededFuture();
            } else if (leftMs <= 0) {
                return Future.failedFuture(new ConnectException(nothingFound(joined.members(), cluster)));
            }
            return joined.vertx()
                    .timer(CONSUMER_LOOK_MS, TimeUnit.MILLISECONDS)
                    .compose(waited -> awaitConsumer(joined, cluster, leftMs - CONSUMER_LOOK_MS));
        });
    }

    private static String nothingFound(int members, ClusterConfig cluster) {
        if (members > 1) {
            return "none of the " + (members - 1) + " other members of cluster '" + cluster.name() + "' consumes "
                    + SubmitVerticle.ADDRESS + ": start a node (`sluice serve` with cluster.enabled)";
        }
        String where = cluster.kubernetesService() == null
                ? (cluster.memberList().isEmpty()
                        ? "cluster.members is empty"
                        : "cluster.members " + String.join(", ", cluster.memberList()))
                : "cluster.kubernetesService " + cluster.kubernetesService();
        return "no member of cluster '" + cluster.name() + "' was found (" + where
                + "): is a node running there with cluster.enabled? check cluster.members, cluster.name and"
                + " cluster.host";
    }

    Vertx vertx() {
        return node.vertx();
    }

    /** The context of its one event loop. */
    ContextInternal context() {
        return context;
    }

    /** Completes with the reason when the cluster no longer reaches this member and cannot be mended. */
    Future<String> lost() {
        return lost;
    }

    /** The other members that announced themselves, as they name themselves. */
    List<String> others() {
        return node.heardMembers().stream()
                .filter(member -> !member.notice().node().equals(node.id()))
                .map(member -> member.notice().name() + " (" + member.notice().release() + ")")
                .toList();
    }

    /** Leaves the cluster; completes on any thread, after some seconds whatever happens. */
    CompletionStage<Void> leave() {
        return left(node).toCompletionStage().toCompletableFuture().orTimeout(LEAVE_MS, TimeUnit.MILLISECONDS);
    }

    private static Future<Void> left(ClusterNode node) {
        Promise<Void> left = Promise.promise(); // bound to no event loop: they end with it
        node.leave().eventually(() -> node.vertx().close()).onComplete(left);
        return left.future();
    }
}
