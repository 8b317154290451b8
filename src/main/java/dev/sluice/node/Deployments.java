package dev.sluice.node;

import dev.sluice.admin.LiveInstances;
import dev.sluice.config.Schema;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.value.Instances;
import dev.sluice.drain.LiveOrders;
import dev.sluice.http.IntakeVerticle;
import dev.sluice.node.LoopPlacement.Role;
import dev.sluice.writer.WriterVerticle;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The intake and writer instances of a node: deploys them at the start, and more or fewer of them while orders come
 * in, dropping none. One change at a time. Thread safe.
 */
final class Deployments implements LiveInstances, LiveOrders {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    /** How long a new writer may take to connect. */
    private static final long JOIN_LIMIT_MS = 5_000;

    /** Beyond the HTTP deadline: connections that stay silent, and clients that are slow to close. */
    private static final long DRAIN_SLACK_MS = 3_000;

    private final NodeVertx vertx;
    private final SluiceConfig config;
    private final InstanceGroup<IntakeVerticle> intakes;
    private final InstanceGroup<WriterVerticle> writers;
    private final IntFunction<Future<Void>> stopListening;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** @param stopListening on a port; clients that have connected by then are served */
    Deployments(
            NodeVertx vertx,
            SluiceConfig config,
            IntFunction<Future<Void>> stopListening,
            IntFunction<IntakeVerticle> intake,
            IntFunction<WriterVerticle> writer) {
        this.vertx = vertx;
        this.config = config;
        this.stopListening = stopListening;
        this.intakes = new InstanceGroup<>(vertx, Role.INTAKE, intake, new IntakeConduct(drainLimitMs(config)));
        this.writers = new InstanceGroup<>(vertx, Role.WRITER, writer, new WriterConduct());
    }

    private static long drainLimitMs(SluiceConfig config) {
        return config.http().deadlineMs() + DRAIN_SLACK_MS;
    }

    private record IntakeConduct(long drainLimitMs) implements InstanceGroup.Conduct<IntakeVerticle> {
        @Override
        public Future<?> joined(IntakeVerticle intake) {
            return Future.succeededFuture();
        }

        @Override
        public Future<?> leave(IntakeVerticle intake) {
            return intake.drain(drainLimitMs);
        }
    }

    private static final class WriterConduct implements InstanceGroup.Conduct<WriterVerticle> {
        @Override
        public Future<?> joined(WriterVerticle writer) {
            return writer.joined();
        }

        /** Its stop is all there is to it. */
        @Override
        public Future<?> leave(WriterVerticle writer) {
            return Future.succeededFuture();
        }
    }

    Future<Void> startWriters() {
        vertx.deployer()
                .plan(count(config.http().instances()), count(config.writer().instances()));
        return writers.grow(count(config.writer().instances()));
    }

    /** When the first writer takes orders; at once where there is to be none. */
    Future<?> writerJoined() {
        return writers.size() == 0
                ? Future.succeededFuture()
                : Future.any(
                        writers.verticles().stream().map(WriterVerticle::joined).toList());
    }

    /** In all writers, as of a few milliseconds ago. */
    @Override
    public int pending() {
        int pending = 0;
        for (WriterVerticle writer : writers.verticles()) {
            pending += writer.pendingOrders();
        }
        return pending;
    }

    /** As above. */
    @Override
    public long batchesCommitted() {
        long committed = 0;
        for (WriterVerticle writer : writers.verticles()) {
            committed += writer.batchesCommitted();
        }
        return committed;
    }

    /** Fails with what is wrong with the port, where it is that. */
    Future<Void> startIntakes() {
        return intakes.grow(count(config.http().instances())).recover(this::cannotListen);
    }

    private <T> Future<T> cannotListen(Throwable error) {
        return ListenPorts.cannotListen(
                "http", config.http().host(), config.http().port(), error);
    }

    /** The port of the order API, once intakes have started; 0 where there are none. */
    int httpPort() {
        return listens() ? intakes.verticles().get(0).port() : 0;
    }

    /** Instances of the order API. */
    int intakes() {
        return intakes.size();
    }

    /** Whether this node is to have writers now. */
    boolean writes() {
        return writers.size() > 0;
    }

    /** How many run, for a person. */
    String described() {
        return intakes.size() + " http, " + writers.size() + " writer";
    }

    boolean listens() {
        return intakes.size() > 0;
    }

    /** Lets every intake end its connections. No change begins afterwards; one that is under way goes on beside it. */
    Future<Void> drainIntakes() {
        busy.set(true);
        return intakes.leave();
    }

    @Override
    public Map<Kind, Group> running() {
        return new EnumMap<>(Map.of(Kind.HTTP, http(), Kind.WRITER, writer()));
    }

    @Override
    public List<Other> others() {
        return vertx.others();
    }

    private Group http() {
        List<Instance> running = new ArrayList<>();
        for (IntakeVerticle intake : intakes.verticles()) {
            running.add(new Instance(intake.instance(), intake.eventLoop(), intake.openConnections()));
        }
        return group(config.http().instances(), running);
    }

    private Group writer() {
        List<Instance> running = new ArrayList<>();
        for (WriterVerticle writer : writers.verticles()) {
            running.add(new Instance(Integer.toString(running.size()), writer.eventLoop(), null));
        }
        return group(config.writer().instances(), running);
    }

    private static Group group(Instances configured, List<Instance> running) {
        return new Group(configured.toString(), count(configured), running);
    }

    private static int count(Instances instances) {
        return instances.resolve(Runtime.getRuntime().availableProcessors());
    }

    /** None only where other nodes can take or write the orders. */
    @Override
    public Range allowed(Kind kind) {
        String key = kind == Kind.HTTP ? "http.instances" : "writer.instances";
        int max = (int) Objects.requireNonNull(Schema.find(key)).key().max();
        return new Range(config.cluster().enabled() ? 0 : 1, max);
    }

    @Override
    public Optional<String> objection(Map<Kind, Integer> wanted) {
        int http = wanted.getOrDefault(Kind.HTTP, intakes.size());
        int writer = wanted.getOrDefault(Kind.WRITER, writers.size());
        if (http == 0 && writer == 0) {
            return Optional.of("with neither http nor writer the node would do nothing: raise one, or stop the node");
        }
        return http == 0 || config.mayListen()
                ? Optional.empty()
                : Optional.of(
                        "http.host (" + config.http().host() + ") is beyond loopback and clients are not asked who"
                                + " they are: start the node with http.allowAnonymous, or another http.host, first");
    }

    @Override
    public Future<Void> resize(Map<Kind, Integer> wanted) {
        if (!busy.compareAndSet(false, true)) {
            return Future.failedFuture(new Busy("another change is under way, or the node is stopping"));
        }
        LOG.info("changing from {} to {}", described(), wanted);
        vertx.deployer()
                .plan(wanted.getOrDefault(Kind.HTTP, intakes.size()), wanted.getOrDefault(Kind.WRITER, writers.size()));
        return Future.join(resize(writers, wanted.get(Kind.WRITER)), resizeIntakes(wanted.get(Kind.HTTP)))
                .onComplete(done -> {
                    busy.set(false);
                    LOG.info("now {}", described());
                })
                .mapEmpty();
    }

    /** The last one takes the port along: clients that are connecting must not find it gone. */
    private Future<Void> resizeIntakes(@Nullable Integer wanted) {
        boolean last = wanted != null && wanted == 0 && listens();
        Future<Void> quiet = last ? stopListening.apply(httpPort()) : Future.succeededFuture();
        return quiet.compose(done -> resize(intakes, wanted)).recover(this::cannotListen);
    }

    private static Future<Void> resize(InstanceGroup<?> group, @Nullable Integer wanted) {
        return wanted == null ? Future.succeededFuture() : group.resize(wanted, JOIN_LIMIT_MS);
    }
}
