package dev.sluice.store.postgres;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.rig.Await;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStoreContract;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A {@link PgOrderStore} on an event loop of its own, called from a test's thread. */
final class PgRig implements OrderStoreContract.Rig, StoreListener {

    private static final long LIMIT_MS = 20_000;
    private static final int CONNECTIONS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final String uri;
    private final PgOrderStore store;
    private volatile int ups;
    private volatile int downs;
    final List<Throwable> refusals = new CopyOnWriteArrayList<>();
    final List<StoreFindings> findings = new CopyOnWriteArrayList<>();
    private PgConnection locker;

    private PgRig(SluiceConfig config) {
        uri = config.postgres().requiredUri().value();
        store = onLoop(() -> Future.succeededFuture(PgOrderStore.open(vertx, config, CONNECTIONS, this)));
    }

    /** Timeouts of the server are far away. */
    static SluiceConfig config(String uri) {
        return config(uri, 50_000);
    }

    /** The timeouts of the server are shares of the store deadline. */
    static SluiceConfig config(String uri, int deadlineMs, String... more) {
        Stream<String> sets =
                Stream.of("postgres.uri=" + uri, "postgres.reconnectMs=50", "writer.deadlineMs=" + deadlineMs);
        return TestConfig.of(Stream.concat(sets, Stream.of(more)).toArray(String[]::new));
    }

    static PgRig start(SluiceConfig config) {
        return new PgRig(config);
    }

    static PgRig up(SluiceConfig config) {
        PgRig rig = new PgRig(config);
        rig.await("the store is up", () -> rig.ups == CONNECTIONS);
        return rig;
    }

    /** Runs on the store's loop and waits for its answer. */
    private <T> T onLoop(Supplier<Future<T>> call) {
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

    void await(String what, BooleanSupplier condition) {
        Await.until(what + "; refused " + refusals, condition::getAsBoolean);
    }

    String uri() {
        return uri;
    }

    int ups() {
        return ups;
    }

    int downs() {
        return downs;
    }

    /** Connections that stand now, as the status was told. */
    int connections() {
        return ups - downs;
    }

    @Override
    public boolean isUp() {
        return onLoop(() -> Future.succeededFuture(store.isUp()));
    }

    @Override
    public List<Outcome> insert(List<Order> sorted, long deadlineMs) {
        return insertLater(sorted, deadlineMs).get();
    }

    /** Sends now; the answer is asked for later. */
    Supplier<List<Outcome>> insertLater(List<Order> sorted, long deadlineMs) {
        Promise<List<Outcome>> promise = Promise.promise();
        vertx.runOnContext(ignored -> store.insert(sorted, Deadline.after(System.nanoTime(), deadlineMs))
                .onComplete(promise));
        return () -> onLoop(promise::future);
    }

    /** The second goes in the very moment in which the first fails. */
    List<Outcome> insertWhenFailed(List<Order> first, long deadlineMs, List<Order> second) {
        return onLoop(() -> store.insert(first, Deadline.after(System.nanoTime(), deadlineMs))
                .recover(failed -> store.insert(second, Deadline.after(System.nanoTime(), LIMIT_MS))));
    }

    /** How many connections of this kind the server has for this database. */
    String connectionsAtServer() {
        return sql("select count(*)::text from pg_stat_activity where datname = current_database()"
                + " and application_name = 'sluice'");
    }

    StoreFailure.Kind failureOf(List<Order> sorted, long deadlineMs) {
        try {
            List<Outcome> outcomes = insert(sorted, deadlineMs);
            throw new AssertionError("answered " + outcomes);
        } catch (StoreFailure e) {
            return e.kind();
        }
    }

    @Override
    public Optional<StoredOrder> find(String account, UUID id, long deadlineMs) {
        return onLoop(() -> store.find(account, id, Deadline.after(System.nanoTime(), deadlineMs)));
    }

    /** Locks the table, as a careless migration would. */
    @Override
    public void stall() {
        locker = onLoop(() -> PgConnection.connect(vertx, PgConnectOptions.fromUri(uri))
                .compose(connection -> connection
                        .query("begin; lock table orders in access exclusive mode")
                        .execute()
                        .map(connection)));
    }

    @Override
    public void resume() {
        onLoop(() -> locker.query("commit").execute());
        await("connected again", () -> connections() == CONNECTIONS);
    }

    /** By a row trigger, as block lists and partitioning by trigger do. */
    @Override
    public void drop(String customerId) {
        before("insert", "if new.customer_id = '" + customerId + "' then return null; end if; return new;");
    }

    /** Makes a row trigger of that body. */
    void before(String event, String body) {
        execute("create or replace function meddle() returns trigger language plpgsql as $$ begin " + body + " end $$");
        execute("create or replace trigger meddle before " + event
                + " on orders for each row execute function meddle()");
    }

    /** From another connection. */
    String sql(String query) {
        return TestPostgres.queryText(uri, query);
    }

    void execute(String statement) {
        TestPostgres.execute(uri, statement);
    }

    @Override
    public void closeStore() {
        onLoop(store::close);
    }

    @Override
    public void close() {
        closeStore();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("the loop does not end", e);
        }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // told on the store's loop only
    public void up() {
        ups++;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // told on the store's loop only
    public void down(String reason) {
        downs++;
    }

    @Override
    public void closed() {
        // its owner knows
    }

    @Override
    public void found(StoreFindings found) {
        findings.add(found);
    }

    @Override
    public void refused(Throwable error) {
        refusals.add(error);
    }
}
