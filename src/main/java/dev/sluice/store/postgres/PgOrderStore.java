package dev.sluice.store.postgres;

import dev.sluice.config.SluiceConfig;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import dev.sluice.store.postgres.InsertStatement.Inserted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Orders in the table {@code orders}. Holds its own connections; lives on the event loop that opened it. */
public final class PgOrderStore implements OrderStore {

    private final List<ReconnectingConnection<PgConnection>> connections;
    private final TakenKeys takenKeys = new TakenKeys();

    private PgOrderStore(List<ReconnectingConnection<PgConnection>> connections) {
        this.connections = connections;
    }

    /**
     * Opens the connections in the background; {@link #isUp()} tells when the first one stands.
     *
     * @param connections at least one
     */
    public static PgOrderStore open(Vertx vertx, SluiceConfig config, int connections, StoreListener listener) {
        PgConnector connector = new PgConnector(vertx, config);
        long reconnectMs = config.postgres().reconnectMs();
        PgOrderStore store = new PgOrderStore(
                Stream.generate(() -> new ReconnectingConnection<>(vertx, connector, listener, reconnectMs))
                        .limit(connections)
                        .toList());
        store.connections.forEach(ReconnectingConnection::open);
        return store;
    }

    @Override
    public boolean isUp() {
        return leastBusy().isUp();
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        return new InsertCall(leastBusy(), takenKeys, batch, deadline).outcomes();
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        return FindStatement.find(leastBusy(), List.of(id), deadline)
                .map(rows -> Optional.ofNullable(rows.get(id))
                        .filter(stored -> stored.order().account().equals(account)));
    }

    @Override
    public Future<Void> close() {
        return Future.join(
                        connections.stream().map(ReconnectingConnection::close).toList())
                .mapEmpty();
    }

    /** The connection with the least outstanding of those that are up; one that is down where none is. */
    private ReconnectingConnection<PgConnection> leastBusy() {
        ReconnectingConnection<PgConnection> best = connections.get(0);
        for (ReconnectingConnection<PgConnection> connection : connections) {
            if (connection.isUp() && (!best.isUp() || connection.outstanding() < best.outstanding())) {
                best = connection;
            }
        }
        return best;
    }

    /**
     * One insert of a batch.
     *
     * <p>A batch is inserted as if all of it were new, and once more where it is not. An order that the insert did not take
     * is looked up in a statement of its own, and the fingerprint of the row that stands decides. Where none stands, the
     * order is inserted alone once more; PostgreSQL refuses it where that leaves no row either.
     */
    private static final class InsertCall {

        private static final Outcome DROPPED = new Outcome.Refused(
                "PostgreSQL reported no error and inserted no row: a trigger on the table orders drops this order");

        private final ReconnectingConnection<PgConnection> connection;
        private final TakenKeys takenKeys;
        private final List<Order> batch;
        private final Deadline deadline;

        InsertCall(
                ReconnectingConnection<PgConnection> connection,
                TakenKeys takenKeys,
                List<Order> batch,
                Deadline deadline) {
            this.connection = connection;
            this.takenKeys = takenKeys;
            this.batch = batch;
            this.deadline = deadline;
        }

        /** Each order's outcome, in the order of the batch. */
        Future<List<Outcome>> outcomes() {
            return insert().recover(error -> batch.size() == 1 && isRefusal(error)
                    ? decideRefused(batch.get(0), error)
                    : Future.failedFuture(error));
        }

        private Future<List<Outcome>> insert() {
            Tuple parameters = InsertStatement.parameters(batch);
            Future<Inserted> inserting = takenKeys.areLikely()
                    ? insert(InsertStatement.ANY, parameters)
                    : insert(InsertStatement.NEW, parameters)
                            .recover(error -> SqlStates.isTakenKey(error)
                                    ? insert(InsertStatement.ANY, parameters)
                                    : Future.failedFuture(error));
            return inserting.compose(inserted -> inserted.all()
                    ? Future.succeededFuture(allCommitted(inserted.committedAtMicros()))
                    : decideOthers(inserted));
        }

        private Future<Inserted> insert(String sql, Tuple parameters) {
            return connection
                    .call(pg -> pg.preparedQuery(sql).execute(parameters), deadline)
                    .map(rows -> Inserted.of(rows.iterator().next()));
        }

        private static boolean isRefusal(Throwable error) {
            return error instanceof StoreFailure failure && failure.kind() == StoreFailure.Kind.REFUSED;
        }

        /** A row that stands outranks a constraint that came after it: the constraint is judged before the key. */
        private Future<List<Outcome>> decideRefused(Order order, Throwable refusal) {
            return standing(order)
                    .compose(outcome ->
                            outcome == null ? Future.failedFuture(refusal) : Future.succeededFuture(List.of(outcome)));
        }

        private List<Outcome> allCommitted(long committedAtMicros) {
            return Collections.nCopies(batch.size(), new Outcome.Committed(committedAtMicros));
        }

        /** The rows that were inserted are committed by now, whatever comes of the others. */
        private Future<List<Outcome>> decideOthers(Inserted inserted) {
            Outcome committed = new Outcome.Committed(inserted.committedAtMicros());
            Set<UUID> taken = new HashSet<>(inserted.ids());
            List<Order> others =
                    batch.stream().filter(order -> !taken.contains(order.id())).toList();
            return FindStatement.find(connection, others.stream().map(Order::id).toList(), deadline)
                    .compose(rows -> decideEach(others, rows, inserted))
                    .otherwise(error -> undecided(others, error))
                    .map(decided -> batch.stream()
                            .map(order -> decided.getOrDefault(order.id(), committed))
                            .toList());
        }

        private Future<Map<UUID, Outcome>> decideEach(
                List<Order> others, Map<UUID, StoredOrder> rows, Inserted inserted) {
            Map<UUID, Outcome> decided = new HashMap<>();
            List<Future<?>> alone = new ArrayList<>();
            for (Order order : others) {
                StoredOrder row = rows.get(order.id());
                if (row == null) {
                    alone.add(insertAlone(order).onSuccess(outcome -> decided.put(order.id(), outcome)));
                } else if (row.committedAtMicros() == inserted.committedAtMicros() && isSame(row, order)) {
                    decided.put(order.id(), new Outcome.Committed(row.committedAtMicros())); // a trigger moved it
                } else {
                    takenKeys.seen();
                    decided.put(order.id(), standing(row, order));
                }
            }
            return Future.join(alone).map(decided);
        }

        /** A look-up that fails leaves only the orders open that it was to decide. */
        private static Map<UUID, Outcome> undecided(List<Order> others, Throwable error) {
            Outcome unknown = new Outcome.Unknown("PostgreSQL inserted no row of it, and the look-up failed: "
                    + StoreFailure.of(error).reason());
            return others.stream().collect(Collectors.toMap(Order::id, order -> unknown));
        }

        /** An order that was neither inserted nor found: its row was deleted meanwhile, or PostgreSQL drops it. Never fails. */
        private Future<Outcome> insertAlone(Order order) {
            return insert(InsertStatement.ANY, InsertStatement.parameters(List.of(order)))
                    .compose(inserted -> inserted.all()
                            ? Future.succeededFuture(new Outcome.Committed(inserted.committedAtMicros()))
                            : standing(order).map(outcome -> outcome == null ? DROPPED : outcome))
                    .otherwise(error -> StoreFailure.of(error).outcome());
        }

        /** What the row under its id says of an order; null where there is none. */
        private Future<@Nullable Outcome> standing(Order order) {
            return FindStatement.find(connection, List.of(order.id()), deadline).map(rows -> {
                StoredOrder row = rows.get(order.id());
                return row == null ? null : standing(row, order);
            });
        }

        private static Outcome standing(StoredOrder row, Order order) {
            return isSame(row, order) ? new Outcome.Replayed(row) : new Outcome.Conflict();
        }

        private static boolean isSame(StoredOrder row, Order order) {
            return row.order().fingerprint().equals(order.fingerprint());
        }
    }
}
