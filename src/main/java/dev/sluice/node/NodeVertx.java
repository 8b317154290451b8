package dev.sluice.node;

import dev.sluice.admin.LiveInstances;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.json.PublishingStore;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.config.ClusterConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.listener.PausableTransport;
import dev.sluice.wire.Forms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Vert.x that a node's verticles run on, clustered where the node is a member. Opened once; any thread. */
final class NodeVertx {

    private final ClusterConfig config;
    private final PausableTransport transport;
    private final SluiceConfig.Node.EventLoops eventLoops;
    private final Forms forms;
    private volatile @Nullable Vertx vertx;
    private volatile @Nullable LoopDeployer deployer;
    private volatile @Nullable ClusterNode member;

    /** @param forms of what travels; a member of a cluster has them agree with the other members' */
    NodeVertx(SluiceConfig config, PausableTransport transport, Forms forms) {
        this.config = config.cluster();
        this.eventLoops = config.node().eventLoops();
        this.transport = transport;
        this.forms = forms;
    }

    /** Makes it, and joins the cluster where it is wanted. */
    Future<Vertx> open(WriterDirectory writers, ClusterNode.Self self, ClusterNode.Standing standing) {
        return apart(() -> {
            VertxBuilder builder = Vertx.builder().withTransport(transport.transport());
            return config.enabled()
                    ? join(builder, writers, self, standing)
                    : Future.succeededFuture(opened(builder.build()));
        });
    }

    /** Not on an event loop, such as that of the admin listener: it takes long, and belongs to another Vert.x. */
    private static <T> Future<T> apart(Supplier<Future<T>> making) {
        return Future.fromCompletionStage(CompletableFuture.supplyAsync(making)).compose(made -> made);
    }

    private Future<Vertx> join(
            VertxBuilder builder, WriterDirectory writers, ClusterNode.Self self, ClusterNode.Standing standing) {
        return ClusterNode.join(builder, new VertxOptions(), config, writers, self, forms, standing)
                .compose(joined -> {
                    member = joined;
                    Vertx clustered = opened(joined.vertx());
                    return joined.start().onSuccess(begun -> standing.reached()).map(clustered);
                });
    }

    private Vertx opened(Vertx made) {
        vertx = made;
        deployer = new LoopDeployer(made, eventLoops);
        Wire.register(made, forms);
        PublishingStore.register(made);
        return made;
    }

    /** Once it is open. */
    Vertx get() {
        Vertx open = vertx;
        if (open == null) {
            throw new IllegalStateException("the node has not begun");
        }
        return open;
    }

    /** What verticles are deployed by, once it is open. */
    LoopDeployer deployer() {
        LoopDeployer open = deployer;
        if (open == null) {
            throw new IllegalStateException("the node has not begun");
        }
        return open;
    }

    /** What runs beside intakes and writers; nothing before it is open. */
    List<LiveInstances.Other> others() {
        LoopDeployer open = deployer;
        return open == null ? List.of() : open.others();
    }

    /** Members of the cluster, this node included. */
    int members() {
        ClusterNode joined = member;
        return joined == null ? 1 : joined.members();
    }

    /** Members as this node hears them; empty where it is none. */
    List<ClusterNode.MemberState> heardMembers() {
        ClusterNode joined = member;
        return joined == null ? List.of() : joined.heardMembers();
    }

    /** Whether a consumer on another node follows the commits. */
    boolean areCommitsFollowedElsewhere() {
        ClusterNode joined = member;
        return joined != null && joined.areCommitsFollowed();
    }

    /** Tells the cluster that this node takes no more orders. */
    Future<Void> leaveCluster() {
        ClusterNode joined = member;
        return joined == null ? Future.succeededFuture() : joined.leave();
    }

    /** Ends all that runs on it; it may never have been opened. */
    Future<Void> close() {
        Vertx open = vertx;
        return open == null ? Future.succeededFuture() : open.close();
    }
}
