package dev.sluice.node;

import dev.sluice.admin.AdminVerticle;
import dev.sluice.admin.ClusterMembers;
import dev.sluice.admin.LoopPulse;
import dev.sluice.admin.NodeView;
import dev.sluice.admin.Readiness;
import dev.sluice.bus.Endpoint;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.cluster.BusCertificate;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.drain.DrainVerticle;
import dev.sluice.extension.Extensions;
import dev.sluice.http.IntakeSharedState;
import dev.sluice.http.IntakeVerticle;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.PausableTransport;
import dev.sluice.listener.tls.ListenerContext;
import dev.sluice.lookup.LookupVerticle;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.warmup.WarmUp;
import dev.sluice.quota.Quotas;
import dev.sluice.store.OverflowOperations;
import dev.sluice.wire.Forms;
import dev.sluice.writer.WriterVerticle;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One node: the composition root. Constructs, deploys, and orders the shutdown. Only the command line imports
 * it. Its methods may be called on any thread and do not block.
 */
public final class Server {

    private final SluiceConfig config;
    private final Metrics metrics;
    private final String node = newId();
    private final String version;
    private final PausableTransport transport = PausableTransport.ofThisMachine();
    private final NodeVertx vertx;
    private final Vertx adminVertx = AdminVerticle.ownVertx();
    private final Readiness readiness = new Readiness();
    private final LoopPulse loops = new LoopPulse(System::nanoTime);
    private final Quotas quotas;
    private final @Nullable ListenerContext httpTls;
    private final NodeAuth auth;
    private final IntakeSharedState intakes;
    private final WriterDirectory writers = new WriterDirectory();
    private final NodeMembership membership;
    private final Stores watched;
    private final StoreConnections connections;
    private final Deployments deployments;
    private final @Nullable DrainVerticle drain;
    private final AdminVerticle admin;
    private final JsonBus jsonBus;
    private final Extensions extensions;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Promise<Void> started = Promise.promise();
    private @Nullable Future<Void> stopped;

    private Server(LoadedConfig loaded, Metrics metrics, String version) {
        this.config = loaded.config();
        this.metrics = metrics;
        this.version = version;
        this.quotas = new Quotas(config.quota(), metrics, System::nanoTime);
        this.httpTls =
                ListenerContext.of("http", config.http().tls(), config.http().http2(), metrics);
        this.auth = new NodeAuth(config);
        this.intakes = new IntakeSharedState(
                transport,
                NodeMemory.budget(config, Runtime.getRuntime().maxMemory()),
                new ConnectionBound(
                        config.http().connectionsMax(), config.http().connectionsPerAddressMax()),
                NodeMemory.unreadBytesMax(config, PlatformDependent.maxDirectMemory()),
                quotas,
                httpTls,
                auth.ofClients());
        Forms forms = Forms.ofThisRelease();
        this.vertx = new NodeVertx(config, transport, forms);
        this.membership = new NodeMembership(config.cluster(), node, vertx, readiness);
        this.watched = new Stores(readiness, metrics, config.hasOverflow());
        this.connections = new StoreConnections(config, watched, node, forms, vertx::areCommitsFollowedElsewhere);
        this.deployments = new Deployments(vertx, config, transport::close, this::intake, this::writer);
        this.drain = config.hasOverflow()
                ? new DrainVerticle(connections.drain(this::drainsHere), config, deployments, metrics)
                : null;
        this.jsonBus = new JsonBus(vertx, config, this::dispatcher, intakes.memory(), metrics, quotas);
        this.extensions = new Extensions(
                config,
                intakes.memory(),
                metrics,
                trouble -> readiness.condition("extensions").holdsDespite(trouble));
        OverflowOperations overflow = drain == null ? OverflowOperations.OFF : drain;
        ClusterMembers members = config.cluster().enabled() ? membership : ClusterMembers.OFF;
        NodeView view = new NodeView(version, loaded.settings(), deployments, overflow, members);
        this.admin = new AdminVerticle(config, view, metrics, readiness, loops, auth.ofOperators());
    }

    /** Its own for this run, whatever host and ports it has: 48 random bits. */
    private static String newId() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    }

    /** A node that has not started. */
    public static Server of(LoadedConfig loaded, Metrics metrics, String version) {
        return new Server(loaded, metrics, version);
    }

    /**
     * Starts, once. The result stands when the node takes orders; it fails with {@link StoreUnreachableException},
     * {@link dev.sluice.store.UnfitStoreException} or {@link java.net.BindException}, and then nothing is left.
     */
    public Future<Void> start() {
        if (begun.compareAndSet(false, true)) {
            begin().onComplete(started);
        }
        Promise<Void> result = Promise.promise(); // bound to no event loop: after stop() there is none
        started.future()
                .onSuccess(result::complete)
                .onFailure(error -> stop().onComplete(stopped -> result.fail(error)));
        return result.future();
    }

    private Future<Void> begin() {
        Readiness.Condition writer = readiness.condition("writer");
        Readiness.Condition http = readiness.condition("http");
        membership.begin();
        metrics.stores().unsafeAllowed().set(config.store().allowUnsafe());
        metrics.open().set(config.isOpen());
        return startAdmin()
                .onSuccess(listening -> watchCertificates())
                .compose(done -> openVertx())
                .compose(done -> deployments.startWriters())
                .compose(done -> startLookups())
                .compose(done -> auth.start(vertx.get(), watched.postgres()))
                .compose(done -> startDrain())
                .compose(done -> Future.all(storeAnswers(), WarmUp.run(config, transport)))
                .onSuccess(joined -> membership.watchWriters(writers, watched, writer))
                .compose(done -> auth.keysKnown())
                .compose(done -> deployments.startIntakes())
                .compose(done -> jsonBus.start())
                .onSuccess(listening -> {
                    http.holds();
                    extensions.start(vertx.get());
                });
    }

    private Future<?> openVertx() {
        ClusterNode.Self self = new ClusterNode.Self(node, name(), version, deployments::intakes);
        return vertx.open(writers, self, membership)
                .onSuccess(loops::watchLoopsOf)
                .onSuccess(opened -> membership.share(quotas));
    }

    private void watchCertificates() {
        ListenerContext.watch(httpTls, adminVertx);
        ListenerContext.watch(admin.tls(), adminVertx);
        BusCertificate.watch(
                config.cluster(), adminVertx, metrics.tlsExpiresSeconds().of("bus")::set);
    }

    /** Completes, with the reason, when the node can do nothing but end; never where all goes well. */
    public Future<String> lost() {
        return membership.lost();
    }

    /** Where operators find this node. */
    private String name() {
        return MemberName.of(config, admin.actualPort());
    }

    private Future<?> startAdmin() {
        return adminVertx
                .deployVerticle(admin)
                .recover(error -> ListenPorts.cannotListen(
                        "admin", config.admin().host(), config.admin().port(), error));
    }

    private WriterVerticle writer(int instance) {
        return new WriterVerticle(
                Endpoint.ofWriter(node, instance),
                writers,
                connections.writerStore(),
                connections.overflow(),
                config,
                metrics);
    }

    private Future<?> startLookups() {
        return vertx.deployer()
                .deploy(
                        LoopPlacement.Role.LOOKUP,
                        new LookupVerticle(Endpoint.ofLookups(node), connections.lookups(), config));
    }

    /** Beside writers, which the drain gives way to; anywhere where no writer is in reach. */
    private boolean drainsHere() {
        return deployments.writes() || writers.isEmpty();
    }

    private Future<?> startDrain() {
        return drain == null ? Future.succeededFuture() : vertx.deployer().deploy(LoopPlacement.Role.DRAIN, drain);
    }

    private IntakeVerticle intake(int instance) {
        return new IntakeVerticle(
                Integer.toString(instance), config, intakes, this::dispatcher, metrics, Clock.systemUTC());
    }

    private OrderDispatcher dispatcher(Context context) {
        return new OrderDispatcher(context, writers, Endpoint.ofLookups(node), connections.overflow(), config, metrics);
    }

    private Future<Void> storeAnswers() {
        return watched.answer()
                .compose(answers -> deployments.writerJoined())
                .<Void>mapEmpty()
                .timeout(config.store().startWaitMs(), TimeUnit.MILLISECONDS)
                .recover(error -> {
                    boolean timedOut = error instanceof java.util.concurrent.TimeoutException;
                    return Future.failedFuture(timedOut ? watched.unreachable() : error);
                });
    }

    /** How PostgreSQL stands. */
    public StoreState postgres() {
        return watched.postgres().standing();
    }

    /** How the overflow's Redis stands; only of a node with an overflow. */
    public StoreState redis() {
        return watched.redis().standing();
    }

    /** What carries the bytes, for a person. */
    public String transport() {
        return transport.name();
    }

    /** Members of the cluster, this node included; 1 without a cluster. */
    public int members() {
        return vertx.members();
    }

    /** How many instances run, for a person. */
    public String instances() {
        return deployments.described();
    }

    /** The port of the order API; 0 where there is none. */
    public int httpPort() {
        return deployments.httpPort();
    }

    /** The port of the TCP event-bus bridge; 0 without one. */
    public int bridgePort() {
        return jsonBus.bridgePort();
    }

    /** The port of the admin API. */
    public int adminPort() {
        return admin.actualPort();
    }

    /**
     * Leaves in order: readiness fails, new orders and connections are refused, what is in flight is stored and
     * answered, connections end with their answers, and only then do writers and stores go. Bounded by {@code
     * shutdown.deadlineMs}. Gives up a start that is under way; may be called more than once.
     */
    public synchronized Future<Void> stop() {
        if (stopped == null) {
            readiness.drain();
            watched.giveUp();
            if (begun.compareAndSet(false, true)) {
                started.fail(new CancellationException("stopped before it started"));
            }
            stopped = new Shutdown(
                            config, vertx, adminVertx, loops, intakes, transport, deployments, jsonBus, extensions)
                    .after(started.future());
        }
        return stopped;
    }
}
