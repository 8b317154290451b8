package dev.sluice.node;

import dev.sluice.admin.LiveInstances;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.json.PublishingStore;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.config.ClusterConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.listener.PausableTransport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Vert.x that a node's verticles run on, clustered where the node is a member. Opened once; any thread. */
final class NodeVertx {

    private final ClusterConfig config;
    private final PausableTransport transport;
    private final SluiceConfig.Node.EventLoops eventLoops;
    private volatile @Nullable Vertx vertx;
    private volatile @Nullable LoopDeployer deployer;
    private volatile @Nullable ClusterNode member;

    NodeVertx(SluiceConfig config, PausableTransport transport) {
        this.config = config.cluster();
        this.eventLoops = config.node().eventLoops();
        this.transport = transport;
    }

    /** Makes it, and joins the cluster where it is wanted. */
    Future<Vertx> open(WriterDirectory writers, ClusterNode.Self self, ClusterNode.Standing standing) {
        VertxBuilder builder = Vertx.builder().withTransport(transport.transport());
        return config.enabled()
                ? join(builder, writers, self, standing)
                : Future.succeededFuture(opened(builder.build()));
    }

    private Future<Vertx> join(
            VertxBuilder builder, WriterDirectory writers, ClusterNode.Self self, ClusterNode.Standing standing) {
        return ClusterNode.join(builder, new VertxOptions(), config, writers, self, standing)
                .compose(joined -> {
                    member = joined;
                    Vertx clustered = opened(joined.vertx());
                    return joined.start().onSuccess(begun -> standing.reached()).map(clustered);
                });
    }

    private Vertx opened(Vertx made) {
        vertx = made;
        deployer = new LoopDeployer(made, eventLoops);
        Wire.register(made);
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

    /** Has the cluster know, from now on, that this node consumes at that address. */
    void keepSubscription(String address) {
        ClusterNode joined = member;
        if (joined != null) {
            joined.keep(address);
        }
    }

    /** To be called before the consumer leaves. */
    void letGoOfSubscription(String address) {
        ClusterNode joined = member;
        if (joined != null) {
            joined.letGo(address);
        }
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
