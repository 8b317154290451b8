package dev.sluice.cluster;

import dev.sluice.bus.Endpoint;
import dev.sluice.bus.MemberNotice;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterNotice;
import dev.sluice.cluster.ClusterNode.MemberState;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes of the announcements that a node hears: the writers of others are in the directory until their node is
 * silent, leaves or is removed by Hazelcast. On the node's event loop, but for {@link #states()}.
 */
final class HeardMembers {

    private static final Logger LOG = LoggerFactory.getLogger(HeardMembers.class);

    private final Vertx vertx;
    private final String self;
    private final Membership membership;
    private final WriterDirectory directory;
    private final Predicate<String> isListed;
    private final Set<String> approached = new HashSet<>();
    private volatile List<MemberState> states = List.of();
    private long lookedNanos = System.nanoTime();

    /**
     * None is heard yet.
     *
     * @param self the id of this node, whose writers put themselves into the directory
     * @param isListed whether Hazelcast lists the node with that id
     */
    HeardMembers(
            Vertx vertx, String self, Membership membership, WriterDirectory directory, Predicate<String> isListed) {
        this.vertx = vertx;
        this.self = self;
        this.membership = membership;
        this.directory = directory;
        this.isListed = isListed;
    }

    /**
     * A member announced itself. One that Hazelcast has removed, and not taken in again, is not heard: a node that was
     * frozen for long announces itself at once, but cannot answer yet.
     */
    void heard(MemberNotice notice) {
        if (!notice.node().equals(self) && !isListed.test(notice.node())) {
            return;
        }
        long now = System.nanoTime();
        boolean news = membership.heard(notice, now);
        if (notice.node().equals(self)) {
            return;
        }
        if (news) {
            LOG.info("cluster: node {} ({}) is there", notice.node(), notice.name());
        }
        if (notice.leaving()) {
            directory.gone(notice.node());
        } else {
            notice.writers().forEach(this::approach);
            directory.heard(notice.node(), notice.writers(), now);
        }
    }

    private void approach(WriterNotice writer) {
        if (approached.add(writer.address())) {
            Endpoint.approach(vertx, writer.address());
        }
    }

    /** Hazelcast says that it is gone. */
    void removed(String node) {
        approached.removeIf(address -> address.startsWith(Endpoint.ofWriters(node)));
        LOG.info("cluster: node {} is gone", node);
        membership.gone(node);
        directory.gone(node);
    }

    /** Sees which members fell silent since the last look; to be called as often as they announce themselves. */
    void look() {
        long now = System.nanoTime();
        for (String node : membership.fellSilent(lookedNanos, now)) {
            LOG.warn("cluster: node {} is silent; its writers get no orders until it is heard again", node);
            directory.gone(node);
        }
        lookedNanos = now;
        states = membership.all().stream()
                .map(member -> new MemberState(
                        member.notice(),
                        TimeUnit.NANOSECONDS.toMillis(now - member.heardNanos()),
                        membership.isSilent(member, now)))
                .toList();
    }

    /** All members as of the last look, this node included. Any thread. */
    List<MemberState> states() {
        return states;
    }
}
