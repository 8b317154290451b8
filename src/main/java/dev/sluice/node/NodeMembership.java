package dev.sluice.node;

import dev.sluice.admin.ClusterMembers;
import dev.sluice.admin.Readiness;
import dev.sluice.bus.MemberNotice;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterNotice;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.cluster.ClusterNode.MemberState;
import dev.sluice.config.ClusterConfig;
import dev.sluice.quota.Quotas;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/**
 * A node as a member of a cluster: whether it is ready as one, which members its operators see, and among how many the
 * quotas of accounts are shared. A node without a cluster has nothing of it. Any thread.
 */
final class NodeMembership implements ClusterNode.Standing, ClusterMembers {

    private static final String CONDITION = "cluster";
    private static final long WRITERS_LOOK_MS = 250;

    /** As often as members announce themselves. */
    private static final long MEMBERS_LOOK_MS = 500;

    private final boolean clustered;
    private final String node;
    private final NodeVertx vertx;
    private final Readiness readiness;
    private final Promise<String> lost = Promise.promise();

    /** @param node its id for this run */
    NodeMembership(ClusterConfig config, String node, NodeVertx vertx, Readiness readiness) {
        this.clustered = config.enabled();
        this.node = node;
        this.vertx = vertx;
        this.readiness = readiness;
    }

    /** Before the node joins: it is not ready until others reach it. */
    void begin() {
        if (clustered) {
            notReached("joining");
        }
    }

    @Override
    public void reached() {
        readiness.condition(CONDITION).holds();
    }

    @Override
    public void notReached(String reason) {
        readiness.condition(CONDITION).fails(reason);
    }

    @Override
    public void lost(String reason) {
        lost.tryComplete(reason);
    }

    /** Completes, with the reason, when the node can do nothing but end; never where all goes well. */
    Future<String> lost() {
        return lost.future();
    }

    /** Once it has joined: an account may take its quota of all nodes that serve HTTP together. */
    void share(Quotas quotas) {
        if (clustered) {
            vertx.get().setPeriodic(MEMBERS_LOOK_MS, id -> quotas.share(serving(vertx.heardMembers())));
        }
    }

    /** The members that clients can submit to by HTTP: heard lately, not leaving, with an order API. */
    static int serving(List<MemberState> members) {
        return (int) members.stream()
                .filter(member -> !member.silent() && !member.notice().leaving())
                .filter(member -> member.notice().intakes() > 0)
                .count();
    }

    /** A member may have no writer of its own, and none in reach; it is ready while orders can be queued. */
    void watchWriters(WriterDirectory writers, Stores stores, Readiness.Condition condition) {
        condition.holds();
        if (clustered) {
            lookForWriters(writers, stores, condition);
            vertx.get().setPeriodic(WRITERS_LOOK_MS, id -> lookForWriters(writers, stores, condition));
        }
    }

    private static void lookForWriters(WriterDirectory writers, Stores stores, Readiness.Condition condition) {
        if (!writers.isEmpty()) {
            condition.holds();
        } else if (stores.overflowStands()) {
            condition.holdsDespite("no writer is in reach; orders are queued");
        } else {
            condition.fails("no writer is in reach, and the overflow takes none");
        }
    }

    @Override
    public List<Member> members() {
        return vertx.heardMembers().stream().map(heard -> shown(heard, node)).toList();
    }

    /** @param self the id of the node that is asked */
    static Member shown(MemberState heard, String self) {
        MemberNotice notice = heard.notice();
        String silence = heard.silent() ? "silent" : "ok";
        return new Member(
                notice.node(),
                notice.name(),
                notice.release(),
                notice.wireVersion(),
                notice.node().equals(self),
                notice.leaving() ? "leaving" : silence,
                heard.heardMs(),
                notice.intakes(),
                notice.writers().stream().map(WriterNotice::address).toList(),
                notice.writers().stream()
                        .filter(WriterNotice::full)
                        .map(WriterNotice::address)
                        .toList());
    }
}
