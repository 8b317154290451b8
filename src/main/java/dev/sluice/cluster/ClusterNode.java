package dev.sluice.cluster;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastException;
import dev.sluice.bus.Endpoint;
import dev.sluice.bus.MemberChannel;
import dev.sluice.bus.MemberNotice;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterNotice;
import dev.sluice.config.ClusterConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private static final int PING_MS = 5_000;
    private static final int CONNECT_MS = 1_000;

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
    private final HazelcastClusterManager manager;
    private final WriterDirectory directory;
    private final Self self;
    private final Membership membership;
    private final Standing standing;
    private final Context context;
    private final Set<String> approached = new HashSet<>();
    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private @Nullable MemberChannel channel;
    private volatile boolean leaving;
    private volatile List<MemberState> heardMembers = List.of();
    private volatile boolean commitsFollowed;
    private long lookedNanos;
    private long turns;

    private ClusterNode(
            Vertx vertx,
            HazelcastClusterManager manager,
            WriterDirectory directory,
            ClusterConfig config,
            Self self,
            Standing standing) {
        this.vertx = vertx;
        this.manager = manager;
        this.directory = directory;
        this.self = self;
        this.standing = standing;
        this.membership = new Membership(config.silentMs());
        this.context = vertx.getOrCreateContext();
    }

    /**
     * Builds a clustered Vert.x; fails with {@link BindException} where one of both ports is taken.
     *
     * @param options of that Vert.x, but for its event bus
     */
    public static Future<ClusterNode> join(
            VertxBuilder builder,
            VertxOptions options,
            ClusterConfig config,
            WriterDirectory directory,
            Self self,
            Standing standing) {
        HazelcastClusterManager manager;
        try {
            manager = new HazelcastClusterManager(HazelcastSettings.of(config, self.node()));
        } catch (UnknownHostException error) {
            return Future.failedFuture(
                    new IllegalArgumentException("cluster.host " + config.host() + " has no address"));
        }
        return builder.with(options.setEventBusOptions(busOptions(config)))
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new ClusterNode(vertx, manager, directory, config, self, standing))
                .recover(error -> Future.failedFuture(translated(error, config)));
    }

    private static EventBusOptions busOptions(ClusterConfig config) {
        return new EventBusOptions()
                .setHost(config.host())
                .setPort(config.busPort())
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS)
                .setConnectTimeout(CONNECT_MS);
    }

    private static Throwable translated(Throwable error, ClusterConfig config) {
        String text = String.valueOf(error.getMessage());
        if (error instanceof HazelcastException && text.contains("in use")) {
            return new BindException("cluster.port " + config.port() + " is taken by another process");
        }
        return text.contains("in use")
                ? new BindException("cluster.busPort " + config.busPort() + " is taken by another process")
                : error;
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
        return heardMembers;
    }

    /** Begins to announce and to hear; the messages of the bus are registered before. */
    public Future<Void> start() {
        Promise<Void> started = Promise.promise();
        context.runOnContext(ignored -> MemberChannel.open(vertx, self.node(), this::heard)
                .onSuccess(this::begin)
                .<Void>mapEmpty()
                .onComplete(started));
        return started.future();
    }

    private void begin(MemberChannel opened) {
        channel = opened;
        lookedNanos = System.nanoTime();
        manager.getHazelcastInstance().getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberRemoved(MembershipEvent event) {
                String node = event.getMember().getAttribute(HazelcastSettings.NODE);
                if (node != null) {
                    context.runOnContext(ignored -> removed(node));
                }
            }
        });
        directory.onLeave(this::farewell);
        directory.onJoin(() -> context.runOnContext(ignored -> announce()));
        turns = vertx.setPeriodic(0, ANNOUNCE_MS, id -> turn());
        new ReachWatch(vertx, manager, this::ownAddresses, self.node(), membership, opened, standing, () -> leaving)
                .begin();
    }

    private void turn() {
        announce();
        lookForFollowers();
        long now = System.nanoTime();
        for (String node : membership.fellSilent(lookedNanos, now)) {
            LOG.warn("cluster: node {} is silent; its writers get no orders until it is heard again", node);
            directory.gone(node);
        }
        lookedNanos = now;
        heardMembers = membership.all().stream()
                .map(member -> new MemberState(
                        member.notice(),
                        TimeUnit.NANOSECONDS.toMillis(now - member.heardNanos()),
                        membership.isSilent(member, now)))
                .toList();
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
                    Wire.VERSION,
                    leaving,
                    self.intakes().getAsInt(),
                    ownWriters()));
        }
    }

    /** From now on, and until it is let go, the cluster has to know that this node consumes at that address. */
    public void keep(String address) {
        kept.add(address);
    }

    /** As before {@link #keep}; to be called before the consumer leaves. */
    public void letGo(String address) {
        kept.remove(address);
    }

    private Set<String> ownAddresses() {
        Set<String> addresses = new LinkedHashSet<>(kept);
        ownWriters().forEach(writer -> addresses.add(writer.address()));
        return addresses;
    }

    private List<WriterNotice> ownWriters() {
        return directory.notices(System.nanoTime() - WRITER_SILENT_NANOS);
    }

    private void heard(MemberNotice notice) {
        long now = System.nanoTime();
        boolean news = membership.heard(notice, now);
        if (notice.node().equals(self.node())) {
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

    private void removed(String node) {
        approached.removeIf(address -> address.startsWith(Endpoint.ofWriters(node)));
        LOG.info("cluster: node {} is gone", node);
        membership.gone(node);
        directory.gone(node);
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
