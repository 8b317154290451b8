package dev.sluice.cluster;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import dev.sluice.bus.Endpoint;
import dev.sluice.bus.MemberChannel;
import dev.sluice.bus.MemberNotice;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterNotice;
import dev.sluice.config.ClusterConfig;
import dev.sluice.wire.Forms;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as a member of the cluster. It announces itself and its writers twice a second, and puts the writers that it
 * hears of into the directory; a member that is silent for {@code cluster.silentMs}, leaves, or is removed by Hazelcast
 * gets no more orders. Its methods may be called on any thread.
 */
public final class ClusterNode {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

    private static final long ANNOUNCE_MS = 500;

    /** From the last announcement of a writer that leaves until no other node sends to it. */
    private static final long FAREWELL_MS = 500;

    /** An own writer that said nothing for so long is not announced: its event loop is blocked. */
    private static final long WRITER_SILENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * What a node says of itself.
     *
     * @param node its id for this run
     * @param name where its operators find it
     * @param release of Sluice
     * @param intakes how many instances of the order API run
     */
    public record Self(String node, String name, String release, IntSupplier intakes) {}

    /** What becomes of the node as a member; called on its event loop. */
    public interface Standing {
        /** The cluster reaches it. */
        void reached();

        /** The cluster does not; it should get no orders. */
        void notReached(String reason);

        /** It cannot be healed: the process must end. */
        void lost(String reason);
    }

    private final Vertx vertx;
    private final NodeClusterManager manager;
    private final WriterDirectory directory;
    private final Self self;
    private final Forms forms;
    private final Membership membership;
    private final HeardMembers heardMembers;
    private final Standing standing;
    private final Context context;
    private @Nullable MemberChannel channel;
    private volatile boolean leaving;
    private volatile boolean commitsFollowed;
    private long turns;

    private ClusterNode(
            Vertx vertx,
            NodeClusterManager manager,
            WriterDirectory directory,
            ClusterConfig config,
            Self self,
            Forms forms,
            Standing standing) {
        this.vertx = vertx;
        this.manager = manager;
        this.directory = directory;
        this.self = self;
        this.forms = forms;
        this.standing = standing;
        this.membership = new Membership(config.silentMs());
        this.heardMembers = new HeardMembers(vertx, self.node(), membership, directory, manager::isOther);
        this.context = vertx.getOrCreateContext();
    }

    /**
     * Builds a clustered Vert.x; fails with {@link BindException} where one of both ports is taken.
     *
     * @param options of that Vert.x, but for its event bus
     * @param forms of what this node writes: from now on those that every member reads
     */
    public static Future<ClusterNode> join(
            VertxBuilder builder,
            VertxOptions options,
            ClusterConfig config,
            WriterDirectory directory,
            Self self,
            Forms forms,
            Standing standing) {
        forms.writeFor(forms.presumed());
        NodeClusterManager manager;
        try {
            manager = new NodeClusterManager(HazelcastSettings.of(config, self.node()));
        } catch (UnknownHostException error) {
            return Future.failedFuture(
                    new IllegalArgumentException("cluster.host " + config.host() + " has no address"));
        }
        return builder.with(options.setEventBusOptions(BusOptions.of(config)))
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new ClusterNode(vertx, manager, directory, config, self, forms, standing))
                .recover(error -> Future.failedFuture(BusOptions.explained(error, config)));
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Its id for this run. */
    public String id() {
        return self.node();
    }

    /** Members of the cluster, this one included. */
    public int members() {
        return manager.getNodes().size();
    }

    /**
     * One member as this node hears it.
     *
     * @param notice what it announced last
     */
    public record MemberState(MemberNotice notice, long heardMs, boolean silent) {}

    /** All that were heard, this node included, as of half a second ago. */
    public List<MemberState> heardMembers() {
        return heardMembers.states();
    }

    /** Begins to announce and to hear; the messages of the bus are registered before. */
    public Future<Void> start() {
        Promise<Void> started = Promise.promise();
        context.runOnContext(ignored -> MemberChannel.open(vertx, self.node(), heardMembers::heard)
                .onSuccess(this::begin)
                .<Void>mapEmpty()
                .onComplete(started));
        return started.future();
    }

    private void begin(MemberChannel opened) {
        channel = opened;
        manager.getHazelcastInstance().getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberAdded(MembershipEvent event) {
                forms.writeFor(forms.presumed()); // at once: what the new one reads is not known yet
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                String node = event.getMember().getAttribute(HazelcastSettings.NODE);
                if (node != null) {
                    context.runOnContext(ignored -> heardMembers.removed(node));
                }
            }
        });
        directory.onLeave(this::farewell);
        directory.onJoin(() -> context.runOnContext(ignored -> announce()));
        turns = vertx.setPeriodic(0, ANNOUNCE_MS, id -> turn());
        new ReachWatch(vertx, manager, self.node(), membership, opened, standing, () -> leaving).begin();
    }

    private void turn() {
        agreeOnForms();
        announce();
        lookForFollowers();
        heardMembers.look();
    }

    /** What every member reads; one that was not heard yet is taken for one of the release before. */
    private void agreeOnForms() {
        forms.writeFor(membership.readByAll(manager.others(), forms.newest(), forms.presumed()));
    }

    private void lookForFollowers() {
        consumersElsewhere(Endpoint.COMMITTED)
                .onSuccess(consumers -> commitsFollowed = consumers > 0)
                .onFailure(error -> LOG.debug("who follows the commits is not known", error));
    }

    /** How many consumers the cluster knows at that address, those of this node left out. */
    public Future<Long> consumersElsewhere(String address) {
        Promise<List<RegistrationInfo>> found = Promise.promise();
        manager.getRegistrations(address, found);
        return found.future()
                .map(all -> all.stream()
                        .filter(one -> !one.nodeId().equals(manager.getNodeId()))
                        .count());
    }

    /** Whether a consumer on another node follows the commits, as of the last half second. */
    public boolean areCommitsFollowed() {
        return commitsFollowed;
    }

    private void announce() {
        if (channel != null) {
            channel.announce(new MemberNotice(
                    self.node(),
                    self.name(),
                    self.release(),
                    forms.newest(),
                    leaving,
                    self.intakes().getAsInt(),
                    ownWriters()));
        }
    }

    private List<WriterNotice> ownWriters() {
        return directory.notices(System.nanoTime() - WRITER_SILENT_NANOS);
    }

    private Future<Void> farewell() {
        if (leaving) {
            return Future.succeededFuture();
        }
        context.runOnContext(ignored -> announce());
        return vertx.timer(FAREWELL_MS, TimeUnit.MILLISECONDS).mapEmpty();
    }

    /** Tells all that this node takes no more orders; completes when they know. */
    public Future<Void> leave() {
        Promise<Void> told = Promise.promise(); // bound to no event loop: what follows outlives them
        context.runOnContext(ignored -> {
            leaving = true;
            announce();
            vertx.setTimer(FAREWELL_MS, id -> {
                vertx.cancelTimer(turns); // what it sent while the bus closes would only fail
                told.complete();
            });
        });
        return told.future();
    }
}
