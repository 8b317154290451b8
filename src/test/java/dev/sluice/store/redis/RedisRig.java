package dev.sluice.store.redis;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.rig.Await;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.OverflowContract;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import dev.sluice.wire.Forms;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The three ports on a Redis, on an event loop of their own, called from a test's thread. */
final class RedisRig implements OverflowContract.Rig {

    private static final long LIMIT_MS = 20_000;
    static final long CLAIM_IDLE_MS = 150;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final TestRedis server;
    private final SluiceConfig config;
    private final Forms forms;
    private final Map<String, Object> opened = new HashMap<>();
    private final Map<String, Status> statuses = new HashMap<>();

    private RedisRig(TestRedis server, SluiceConfig config, Forms forms) {
        this.server = server;
        this.config = config;
        this.forms = forms;
    }

    /** Short times; further keys outrank these. */
    static SluiceConfig config(String uri, String... sets) {
        return TestConfig.of(Stream.concat(
                        Stream.of(
                                "redis.uri=" + uri,
                                "redis.reconnectMs=20",
                                "overflow.deadlineMs=1000",
                                "overflow.deadLettersMax=1000"),
                        Stream.of(sets))
                .toArray(String[]::new));
    }

    static RedisRig on(TestRedis server, String... sets) {
        return on(server, config(server.uri(), sets));
    }

    static RedisRig on(TestRedis server, SluiceConfig config) {
        return new RedisRig(server, config, Forms.ofThisRelease());
    }

    /** One of another release. */
    static RedisRig of(Forms forms, TestRedis server) {
        return new RedisRig(server, config(server.uri()), forms);
    }

    /** What the connection of one port told. Written on the loop. */
    static final class Status implements StoreListener {

        private volatile int ups;
        private volatile int downs;
        volatile StoreFindings findings = StoreFindings.NONE;
        final List<String> losses = new CopyOnWriteArrayList<>();
        final List<Throwable> refusals = new CopyOnWriteArrayList<>();

        boolean isUp() {
            return ups > downs;
        }

        int ups() {
            return ups;
        }

        int downs() {
            return downs;
        }

        @Override
        public void lost(String what) {
            losses.add(what);
        }

        @Override
        public void found(StoreFindings found) {
            findings = found;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // told on one loop only
        public void up() {
            ups++;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // told on one loop only
        public void down(String reason) {
            downs++;
        }

        @Override
        public void closed() {
            // its owner knows
        }

        @Override
        public void refused(Throwable error) {
            refusals.add(error);
        }
    }

    Status status(String name) {
        return statuses.computeIfAbsent(name, unused -> new Status());
    }

    private <T> T port(String name, BiFunction<Vertx, StoreListener, T> open, Class<T> type) {
        Object port = opened.get(name);
        if (port == null) {
            port = startOnly(name, open);
            until(name + " is up", () -> status(name).isUp());
        }
        return type.cast(port);
    }

    private <T> T startOnly(String name, BiFunction<Vertx, StoreListener, T> open) {
        T port = await(() -> Future.succeededFuture(open.apply(vertx, status(name))));
        opened.put(name, port);
        return port;
    }

    /** Without waiting for its connection. */
    OverflowQueue startOverflow() {
        return startOnly("overflow", (vertx, status) -> RedisOverflow.open(vertx, config, status, forms));
    }

    @Override
    public OverflowQueue overflow() {
        return port(
                "overflow", (vertx, status) -> RedisOverflow.open(vertx, config, status, forms), RedisOverflow.class);
    }

    @Override
    public OverflowQueue otherOverflow() {
        return port("other", (vertx, status) -> RedisOverflow.open(vertx, config, status, forms), RedisOverflow.class);
    }

    @Override
    public RedisDrainQueue reader(String name) {
        return port(
                "reader " + name,
                (vertx, status) -> RedisDrainQueue.open(vertx, config, status, name, CLAIM_IDLE_MS, forms),
                RedisDrainQueue.class);
    }

    /** One that asks for leases while it wants them. */
    RedisDrainQueue leased(String node, BooleanSupplier wanted) {
        return port(
                "leased " + node,
                (vertx, status) -> RedisDrainQueue.openLeased(vertx, config, status, node, wanted, forms),
                RedisDrainQueue.class);
    }

    @Override
    public DeadLetters letters() {
        return port(
                "letters",
                (vertx, status) -> RedisDeadLetters.open(vertx, config, status, forms),
                RedisDeadLetters.class);
    }

    /** A call from outside of the loop opens ports before it is on it. */
    @Override
    public <T> T await(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        vertx.runOnContext(ignored -> call.get().onComplete(promise));
        try {
            return promise.future().toCompletionStage().toCompletableFuture().get(LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreFailure failure) {
                throw failure;
            }
            throw new AssertionError("no StoreFailure", e.getCause());
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    @Override
    public Deadline in(long ms) {
        return Deadline.after(System.nanoTime(), ms);
    }

    @Override
    public void until(String what, BooleanSupplier condition) {
        Await.until(what, condition::getAsBoolean);
    }

    @Override
    public void reconnect() {
        Map<String, Integer> before = new HashMap<>();
        opened.keySet().forEach(name -> before.put(name, status(name).ups()));
        server.command("CLIENT", "KILL", "TYPE", "normal");
        until(
                "all are connected again",
                () -> before.keySet().stream()
                        .allMatch(name -> status(name).isUp() && status(name).ups() > before.get(name)));
    }

    /** Looks are answered, changes wait. */
    @Override
    public void stall() {
        overflow();
        server.command("CLIENT", "PAUSE", Long.toString(LIMIT_MS), "WRITE");
    }

    @Override
    public void resume() {
        server.command("CLIENT", "UNPAUSE");
        awaitUp();
    }

    void awaitUp() {
        until(
                "all are connected",
                () -> opened.keySet().stream().allMatch(name -> status(name).isUp()));
    }

    @Override
    public void down() {
        server.kill();
        until(
                "the loss is noticed",
                () -> opened.keySet().stream().noneMatch(name -> status(name).isUp()));
    }

    @Override
    public void close() {
        opened.values().forEach(port -> await(() -> close(port)));
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("the loop does not end", e);
        }
    }

    private static Future<Void> close(Object port) {
        if (port instanceof OverflowQueue overflow) {
            return overflow.close();
        }
        return port instanceof DrainQueue reader ? reader.close() : ((DeadLetters) port).close();
    }
}
