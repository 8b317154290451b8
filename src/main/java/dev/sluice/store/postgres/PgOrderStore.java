package dev.sluice.store.postgres;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreStatus;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Orders in the table {@code orders}. Holds its own connections; lives on the event loop that opened it.
 *
 * <p>A batch is inserted as if all of it were new, and once more where it is not. An order that the insert did not take is decided by the fingerprint of the row that stands, fetched in a
 * statement of its own; a row that is neither inserted nor found is looked up once more.
 */
public final class PgOrderStore implements OrderStore {

    private final List<PgLane> lanes;
    private final TakenKeys takenKeys = new TakenKeys();

    private PgOrderStore(List<PgLane> lanes) {
        this.lanes = lanes;
    }

    /** Opens the connections in the background; {@link #isUp()} tells when the first one stands. */
    public static PgOrderStore open(Vertx vertx, PgOptions options, StoreStatus status) {
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
        if (takenKeys.areLikely()) {
            return insertAny(lane, batch, parameters, deadline);
        }
        return lane.execute(InsertStatement.NEW, parameters, deadline)
                .map(rows -> allCommitted(
                        batch.size(),
                        InsertStatement.committedAtMicros(rows.iterator().next())))
                .recover(error -> SqlStates.isTakenKey(error)
                        ? insertAny(lane, batch, parameters, deadline)
                        : Future.failedFuture(error));
    }

    private Future<List<Outcome>> insertAny(PgLane lane, List<Order> batch, Tuple parameters, Deadline deadline) {
        return lane.execute(InsertStatement.ANY, parameters, deadline)
                .map(rows -> InsertStatement.inserted(rows.iterator().next()))
                .compose(inserted -> {
                    if (inserted.rows() == batch.size()) {
                        return Future.succeededFuture(allCommitted(batch.size(), inserted.committedAtMicros()));
                    }
                    takenKeys.seen();
                    return decideOthers(lane, batch, inserted, deadline);
                });
    }

    private static boolean isRefusal(Throwable error) {
        return error instanceof StoreFailure failure && failure.kind() == StoreFailure.Kind.REFUSED;
    }

    /** A row that stands outranks a constraint that came after it: the constraint is judged before the key. */
    private static Future<List<Outcome>> decideRefused(PgLane lane, Order order, Throwable refusal, Deadline deadline) {
        return find(lane, List.of(order.id()), deadline)
                .compose(rows -> rows.isEmpty()
                        ? Future.failedFuture(refusal)
                        : Future.succeededFuture(List.of(against(rows.get(order.id()), order))));
    }

    private static List<Outcome> allCommitted(int orders, long committedAtMicros) {
        return Collections.nCopies(orders, new Outcome.Committed(committedAtMicros));
    }

    private Future<List<Outcome>> decideOthers(
            PgLane lane, List<Order> batch, InsertStatement.Inserted inserted, Deadline deadline) {
        Set<UUID> others = new HashSet<>();
        batch.forEach(order -> others.add(order.id()));
        inserted.ids().forEach(others::remove);
        return findTwice(lane, others, deadline)
                .map(rows -> outcomes(batch, others, order -> against(rows.get(order.id()), order), inserted))
                .otherwise(error -> outcomes(batch, others, order -> undecided(error), inserted));
    }

    /** The insert has committed by now: a look-up that fails leaves only the orders open that it was to decide. */
    private static Outcome undecided(Throwable error) {
        String reason = error instanceof StoreFailure failure ? failure.reason() : "the store failed";
        return new Outcome.Unknown("its key is taken, and the look-up failed: " + reason);
    }

    private static List<Outcome> outcomes(
            List<Order> batch, Set<UUID> others, Function<Order, Outcome> decide, InsertStatement.Inserted inserted) {
        Outcome committed = new Outcome.Committed(inserted.committedAtMicros());
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (Order order : batch) {
            outcomes.add(others.contains(order.id()) ? decide.apply(order) : committed);
        }
        return outcomes;
    }

    private static Outcome against(@Nullable StoredOrder row, Order order) {
        if (row == null) {
            return new Outcome.NotStored("the row that stood was deleted meanwhile");
        }
        boolean same = row.order().fingerprint().equals(order.fingerprint());
        return same ? new Outcome.Replayed(row) : new Outcome.Conflict();
    }

    private static Future<Map<UUID, StoredOrder>> findTwice(PgLane lane, Set<UUID> ids, Deadline deadline) {
        return find(lane, ids, deadline).compose(first -> {
            if (first.size() == ids.size()) {
                return Future.succeededFuture(first);
            }
            return find(lane, ids, deadline);
        });
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
