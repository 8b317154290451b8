package dev.sluice;

import dev.sluice.admin.AdminVerticle;
import dev.sluice.admin.LoopPulse;
import dev.sluice.admin.Readiness;
import dev.sluice.bus.Addresses;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.IntakeVerticle;
import dev.sluice.http.NodeGate;
import dev.sluice.lookup.LookupVerticle;
import dev.sluice.metrics.Metrics;
import dev.sluice.store.OrderStore;
import dev.sluice.store.postgres.PgConnector;
import dev.sluice.store.postgres.PgOptions;
import dev.sluice.store.postgres.PgOrderStore;
import dev.sluice.writer.WriterVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: the composition root. Constructs, deploys, and orders the shutdown. Nobody imports it but the command
 * line. Its methods may be called on any thread and do not block.
 */
public final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final long SETTLE_POLL_MS = 10;

    private final SluiceConfig config;
    private final NodeOptions options;
    private final Metrics metrics;
    private final String node = UUID.randomUUID().toString().substring(0, 8);
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Vertx adminVertx = AdminVerticle.ownVertx();
    private final Readiness readiness = new Readiness();
    private final LoopPulse loops = new LoopPulse(System::nanoTime);
    private final NodeGate gate = new NodeGate();
    private final WriterDirectory writers = new WriterDirectory();
    private final StoreWatch postgres;
    private final List<String> intakeDeployments = new ArrayList<>();
    private final List<IntakeVerticle> intakes = new ArrayList<>();
    private final AdminVerticle admin;

    private Server(SluiceConfig config, Metrics metrics, String version) {
        this.config = config;
        this.options = new NodeOptions(config);
        this.metrics = metrics;
        this.postgres = new StoreWatch(readiness.condition("postgres"), metrics);
        this.admin = new AdminVerticle(options.admin(), version, metrics, readiness, loops);
    }

    /**
     * Starts a node. The result stands when the node takes orders; it fails with {@link StoreUnreachableException},
     * {@link dev.sluice.store.UnsafeStoreException} or {@link java.net.BindException}, and then nothing is left.
     */
    public static Future<Server> start(SluiceConfig config, Metrics metrics, String version) {
        Server server = new Server(config, metrics, version);
        return server.start()
                .map(server)
                .recover(error -> server.stop().transform(ignored -> Future.failedFuture(error)));
    }

    private Future<Void> start() {
        Wire.register(vertx);
        loops.watchLoopsOf(vertx);
        metrics.unsafeStore().set(config.store().allowUnsafe());
        return startAdmin()
                .compose(done -> startWriters())
                .compose(done -> startLookups())
                .compose(done -> storeAnswers())
                .compose(done -> startIntakes())
                .mapEmpty();
    }

    private Future<?> startAdmin() {
        return adminVertx
                .deployVerticle(admin)
                .recover(error -> taken("admin", config.admin().port(), error));
    }

    private Future<?> startWriters() {
        return deploy(
                config.writer().instances().resolve(cores()),
                instance -> vertx.deployVerticle(new WriterVerticle(
                        Addresses.writer(node, instance),
                        writers,
                        stores(options.writerStore()),
                        options.writer(),
                        metrics)));
    }

    private Future<?> startLookups() {
        return vertx.deployVerticle(new LookupVerticle(
                Addresses.lookup(node),
                stores(options.lookupStore()),
                config.writer().deadlineMs()));
    }

    private Future<?> startIntakes() {
        return deploy(config.http().instances().resolve(cores()), this::startIntake);
    }

    /** What the operating system says of a port, in the words of the configuration. */
    private static <T> Future<T> taken(String section, int port, Throwable error) {
        boolean inUse = error instanceof IOException
                && String.valueOf(error.getMessage()).contains("in use");
        return Future.failedFuture(
                inUse ? new BindException(section + ".port " + port + " is taken by another process") : error);
    }

    private Future<?> startIntake(int instance) {
        IntakeVerticle intake = new IntakeVerticle(
                Integer.toString(instance),
                options.intake(),
                gate,
                context -> new OrderDispatcher(context, writers, Addresses.lookup(node), options.dispatcher(), metrics),
                metrics,
                Clock.systemUTC());
        intakes.add(intake);
        return vertx.deployVerticle(intake)
                .onSuccess(intakeDeployments::add)
                .recover(error -> taken("http", config.http().port(), error));
    }

    /** One after the other: with port 0 the first instance chooses the port that the others share. */
    private static Future<?> deploy(int instances, IntFunction<Future<?>> deployment) {
        Future<?> all = Future.succeededFuture();
        for (int i = 0; i < instances; i++) {
            int instance = i;
            all = all.compose(done -> deployment.apply(instance));
        }
        return all;
    }

    private Function<Vertx, OrderStore> stores(PgOptions postgresOptions) {
        return loop -> PgOrderStore.open(loop, postgresOptions, postgres);
    }

    private Future<Void> storeAnswers() {
        return postgres.first()
                .timeout(config.store().startWaitMs(), TimeUnit.MILLISECONDS)
                .recover(error -> {
                    boolean timedOut = error instanceof java.util.concurrent.TimeoutException;
                    return Future.failedFuture(
                            timedOut ? new StoreUnreachableException(postgres.lastRefusal()) : error);
                });
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Migrates the database of a configuration; the result is the versions applied. Fails with {@link
     * StoreUnreachableException}.
     */
    public static Future<List<Integer>> migrate(SluiceConfig config) {
        Vertx vertx = Vertx.vertx();
        PgConnector connector = new PgConnector(vertx, new NodeOptions(config).lookupStore());
        Promise<List<Integer>> applied = Promise.promise();
        vertx.runOnContext(ignored -> connector.migrate().onComplete(applied));
        return applied.future()
                .recover(
                        error -> Future.failedFuture(new StoreUnreachableException(String.valueOf(error.getMessage()))))
                .eventually(vertx::close);
    }

    /** What carries the bytes, for a person. */
    public String transport() {
        return vertx.isNativeTransportEnabled() ? "epoll" : "nio";
    }

    /** How many instances run, for a person. */
    public String instances() {
        return intakes.size() + " http, " + config.writer().instances().resolve(cores()) + " writer";
    }

    /** The port of the order API. */
    public int httpPort() {
        return intakes.get(0).port();
    }

    /** The port of the admin API. */
    public int adminPort() {
        return admin.actualPort();
    }

    /**
     * Leaves in order: readiness fails, new orders are refused, what is in flight is stored and answered, connections
     * end with their answers, and only then do writers and stores go. Bounded by {@code shutdown.deadlineMs}.
     */
    public Future<Void> stop() {
        readiness.drain();
        long deadlineNanos = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(config.shutdown().deadlineMs());
        return pause(config.shutdown().graceMs())
                .compose(done -> drainIntake(deadlineNanos))
                .compose(done -> closeAll());
    }

    private Future<Void> drainIntake(long deadlineNanos) {
        gate.drain();
        LOG.debug("draining {} open requests", gate.openRequests());
        return new DrainWait(vertx, gate, SETTLE_POLL_MS).untilQuiet(deadlineNanos);
    }

    private Future<Void> closeAll() {
        return Future.join(intakeDeployments.stream().map(vertx::undeploy).toList())
                .transform(done -> vertx.close())
                .transform(done -> adminVertx.close());
    }

    private Future<Void> pause(long ms) {
        return ms == 0 ? Future.succeededFuture() : vertx.timer(ms).mapEmpty();
    }
}
