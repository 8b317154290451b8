package dev.sluice.store.postgres;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import dev.sluice.store.postgres.InsertStatement.Inserted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
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

/**
 * Orders in the table {@code orders}. Holds its own connections; lives on the event loop that opened it.
 *
 * <p>A batch is inserted as if all of it were new, and once more where it is not. An order that the insert did not take
 * is looked up in a statement of its own, and the fingerprint of the row that stands decides. Where none stands, the
 * order is inserted alone once more; PostgreSQL refuses it where that leaves no row either.
 */
public final class PgOrderStore implements OrderStore {

    private static final Outcome DROPPED = new Outcome.Refused(
            "PostgreSQL reported no error and inserted no row: a trigger on the table orders drops this order");

    private final List<PgLane> lanes;
    private final TakenKeys takenKeys = new TakenKeys();

    private PgOrderStore(List<PgLane> lanes) {
        this.lanes = lanes;
    }

    /** Opens the connections in the background; {@link #isUp()} tells when the first one stands. */
    public static PgOrderStore open(Vertx vertx, PgOptions options, StoreListener status) {
        PgConnector connector = new PgConnector(vertx, options);
        List<PgLane> lanes = Stream.generate(() -> new PgLane(vertx, connector, status, options.reconnectMs()))
                .limit(options.connections())
                .toList();
        lanes.forEach(PgLane::open);
        return new PgOrderStore(lanes);
    }

    @Override
    public boolean isUp() {
        for (PgLane lane : lanes) {
            if (lane.isUp()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        PgLane lane = idlest();
        if (lane == null) {
            return PgLane.unreachable();
        }
        return insert(lane, batch, deadline)
                .recover(error -> batch.size() == 1 && isRefusal(error)
                        ? decideRefused(lane, batch.get(0), error, deadline)
                        : Future.failedFuture(error));
    }

    private Future<List<Outcome>> insert(PgLane lane, List<Order> batch, Deadline deadline) {
        Tuple parameters = InsertStatement.parameters(batch);
        Future<Inserted> inserting = takenKeys.areLikely()
                ? insert(lane, InsertStatement.ANY, parameters, deadline)
                : insert(lane, InsertStatement.NEW, parameters, deadline)
                        .recover(error -> SqlStates.isTakenKey(error)
                                ? insert(lane, InsertStatement.ANY, parameters, deadline)
                                : Future.failedFuture(error));
        return inserting.compose(inserted -> inserted.all()
                ? Future.succeededFuture(allCommitted(batch.size(), inserted.committedAtMicros()))
                : decideOthers(lane, batch, inserted, deadline));
    }

    private static Future<Inserted> insert(PgLane lane, String sql, Tuple parameters, Deadline deadline) {
        return lane.execute(sql, parameters, deadline)
                .map(rows -> Inserted.of(rows.iterator().next()));
    }

    private static boolean isRefusal(Throwable error) {
        return error instanceof StoreFailure failure && failure.kind() == StoreFailure.Kind.REFUSED;
    }

    /** A row that stands outranks a constraint that came after it: the constraint is judged before the key. */
    private static Future<List<Outcome>> decideRefused(PgLane lane, Order order, Throwable refusal, Deadline deadline) {
        return standing(lane, order, deadline)
                .compose(outcome ->
                        outcome == null ? Future.failedFuture(refusal) : Future.succeededFuture(List.of(outcome)));
    }

    private static List<Outcome> allCommitted(int orders, long committedAtMicros) {
        return Collections.nCopies(orders, new Outcome.Committed(committedAtMicros));
    }

    /** The rows that were inserted are committed by now, whatever comes of the others. */
    private Future<List<Outcome>> decideOthers(PgLane lane, List<Order> batch, Inserted inserted, Deadline deadline) {
        Outcome committed = new Outcome.Committed(inserted.committedAtMicros());
        Set<UUID> taken = new HashSet<>(inserted.ids());
        List<Order> others =
                batch.stream().filter(order -> !taken.contains(order.id())).toList();
        return find(lane, others.stream().map(Order::id).toList(), deadline)
                .compose(rows -> decideEach(lane, others, rows, inserted, deadline))
                .otherwise(error -> undecided(others, error))
                .map(decided -> batch.stream()
                        .map(order -> decided.getOrDefault(order.id(), committed))
                        .toList());
    }

    private Future<Map<UUID, Outcome>> decideEach(
            PgLane lane, List<Order> others, Map<UUID, StoredOrder> rows, Inserted inserted, Deadline deadline) {
        Map<UUID, Outcome> decided = new HashMap<>();
        List<Future<?>> alone = new ArrayList<>();
        for (Order order : others) {
            StoredOrder row = rows.get(order.id());
            if (row == null) {
                alone.add(insertAlone(lane, order, deadline).onSuccess(outcome -> decided.put(order.id(), outcome)));
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
    private static Future<Outcome> insertAlone(PgLane lane, Order order, Deadline deadline) {
        return insert(lane, InsertStatement.ANY, InsertStatement.parameters(List.of(order)), deadline)
                .compose(inserted -> inserted.all()
                        ? Future.succeededFuture(new Outcome.Committed(inserted.committedAtMicros()))
                        : standing(lane, order, deadline).map(outcome -> outcome == null ? DROPPED : outcome))
                .otherwise(error -> StoreFailure.of(error).outcome());
    }

    /** What the row under its id says of an order; null where there is none. */
    private static Future<@Nullable Outcome> standing(PgLane lane, Order order, Deadline deadline) {
        return find(lane, List.of(order.id()), deadline).map(rows -> {
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

    private static Future<Map<UUID, StoredOrder>> find(PgLane lane, Collection<UUID> ids, Deadline deadline) {
        return lane.execute(FindStatement.SQL, FindStatement.parameters(ids), deadline)
                .map(PgOrderStore::byId);
    }

    private static Map<UUID, StoredOrder> byId(RowSet<Row> rows) {
        Map<UUID, StoredOrder> found = new HashMap<>();
        rows.forEach(row -> {
            StoredOrder stored = FindStatement.storedOrder(row);
            found.put(stored.id(), stored);
        });
        return found;
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        PgLane lane = idlest();
        if (lane == null) {
            return PgLane.unreachable();
        }
        return find(lane, List.of(id), deadline)
                .map(rows -> Optional.ofNullable(rows.get(id))
                        .filter(stored -> stored.order().account().equals(account)));
    }

    @Override
    public Future<Void> close() {
        return Future.join(lanes.stream().map(PgLane::close).toList()).mapEmpty();
    }

    private @Nullable PgLane idlest() {
        PgLane best = null;
        for (PgLane lane : lanes) {
            if (lane.isUp() && (best == null || lane.outstanding() < best.outstanding())) {
                best = lane;
            }
        }
        return best;
    }
}
