package dev.sluice.store.postgres;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import dev.sluice.store.postgres.InsertStatement.Inserted;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One insert of a batch.
 *
 * <p>A batch is inserted as if all of it were new, and once more where it is not; where PostgreSQL refuses it, and for
 * some batches after that, each order is inserted for itself ({@link EachInsert}). An order that left no row is looked up in a statement of its own, and the
 * fingerprint of the row that stands decides, also against a refusal. Where none stands and nothing was refused, the order
 * is inserted alone once more; PostgreSQL refuses it where that leaves no row either.
 */
final class InsertCall {

    private static final Outcome DROPPED = new Outcome.Refused(
            "PostgreSQL reported no error and inserted no row: a trigger on the table orders drops this order");

    private final ReconnectingConnection<PgConnection> connection;
    private final Streak takenKeys;
    private final Streak refusals;
    private final List<Order> batch;
    private final Tuple parameters;
    private final Deadline deadline;

    InsertCall(
            ReconnectingConnection<PgConnection> connection,
            Streak takenKeys,
            Streak refusals,
            List<Order> batch,
            Deadline deadline) {
        this.connection = connection;
        this.takenKeys = takenKeys;
        this.refusals = refusals;
        this.batch = batch;
        this.parameters = InsertStatement.parameters(batch);
        this.deadline = deadline;
    }

    /** Each order's outcome, in the order of the batch. */
    Future<List<Outcome>> outcomes() {
        return batch.size() > 1 && refusals.isLikely()
                ? insertEach().recover(error -> isKind(Kind.UNKNOWN, error) ? Future.failedFuture(error) : insert())
                : insert().recover(error -> isKind(Kind.REFUSED, error) ? refused(error) : Future.failedFuture(error));
    }

    private static boolean isKind(Kind kind, Throwable error) {
        return StoreFailure.of(error).kind() == kind;
    }

    private Future<List<Outcome>> insert() {
        Future<Inserted> inserting = takenKeys.isLikely()
                ? insert(InsertStatement.ANY, parameters)
                : insert(InsertStatement.NEW, parameters)
                        .recover(error -> SqlStates.isTakenKey(error)
                                ? insert(InsertStatement.ANY, parameters)
                                : Future.failedFuture(error));
        return inserting.compose(inserted -> inserted.all()
                ? Future.succeededFuture(
                        Collections.nCopies(batch.size(), new Outcome.Committed(inserted.committedAtMicros())))
                : decide(attempts(inserted)));
    }

    private Future<Inserted> insert(String sql, Tuple rows) {
        return connection.call(pg -> InsertStatement.execute(pg, sql, rows), deadline);
    }

    /** Where the orders cannot be judged apart the batch stays refused as a whole. */
    private Future<List<Outcome>> refused(Throwable refusal) {
        if (batch.size() == 1) {
            return decide(List.of(Attempt.failed(StoreFailure.of(refusal))));
        }
        return insertEach().recover(error -> Future.failedFuture(isKind(Kind.UNKNOWN, error) ? error : refusal));
    }

    private Future<List<Outcome>> insertEach() {
        return connection
                .call(pg -> EachInsert.execute(pg, parameters), deadline)
                .compose(attempts -> {
                    if (attempts.stream().anyMatch(Attempt::isRefused)) {
                        refusals.seen();
                    }
                    return decide(attempts);
                });
    }

    private List<Attempt> attempts(Inserted inserted) {
        Set<UUID> taken = new HashSet<>(inserted.ids());
        return batch.stream()
                .map(order -> new Attempt(taken.contains(order.id()), inserted.committedAtMicros(), null))
                .toList();
    }

    /** The rows that were inserted are committed by now, whatever comes of the others. */
    private Future<List<Outcome>> decide(List<Attempt> attempts) {
        Map<Order, Attempt> others = new LinkedHashMap<>();
        for (int i = 0; i < attempts.size(); i++) {
            if (!attempts.get(i).hasRow()) {
                others.put(batch.get(i), attempts.get(i));
            }
        }
        return (others.isEmpty() ? Future.succeededFuture(Map.<UUID, Outcome>of()) : decide(others))
                .map(decided -> IntStream.range(0, batch.size())
                        .mapToObj(i -> decided.getOrDefault(
                                batch.get(i).id(),
                                new Outcome.Committed(attempts.get(i).committedAtMicros())))
                        .toList());
    }

    private Future<Map<UUID, Outcome>> decide(Map<Order, Attempt> others) {
        List<UUID> ids = others.keySet().stream().map(Order::id).toList();
        return FindStatement.find(connection, ids, deadline)
                .compose(rows -> decide(others, rows))
                .otherwise(error -> undecided(ids, error));
    }

    private Future<Map<UUID, Outcome>> decide(Map<Order, Attempt> others, Map<UUID, StoredOrder> rows) {
        Map<UUID, Outcome> decided = new HashMap<>();
        List<Future<?>> alone = new ArrayList<>();
        others.forEach((order, attempt) -> {
            StoredOrder row = rows.get(order.id());
            if (row != null) {
                decided.put(order.id(), standing(row, order, attempt));
            } else if (attempt.failure() != null) {
                decided.put(order.id(), attempt.failure().outcome());
            } else {
                alone.add(insertAlone(order).onSuccess(outcome -> decided.put(order.id(), outcome)));
            }
        });
        return Future.join(alone).map(decided);
    }

    /** A row that stands outranks a constraint that came after it: the constraint is judged before the key. */
    private Outcome standing(StoredOrder row, Order order, Attempt attempt) {
        if (isOwn(row, order, attempt)) {
            return new Outcome.Committed(row.committedAtMicros()); // a trigger moved it
        }
        takenKeys.seen();
        return standing(row, order);
    }

    /** A row of another node can have the same content and time of commit, but hardly the same time of acceptance too. */
    private static boolean isOwn(StoredOrder row, Order order, Attempt attempt) {
        return row.committedAtMicros() == attempt.committedAtMicros()
                && row.order().acceptedAtMicros() == order.acceptedAtMicros()
                && isSame(row, order);
    }

    /** A look-up that fails leaves only the orders open that it was to decide. */
    private static Map<UUID, Outcome> undecided(List<UUID> ids, Throwable error) {
        Outcome unknown = new Outcome.Unknown("PostgreSQL inserted no row of it, and the look-up failed: "
                + StoreFailure.of(error).reason());
        return ids.stream().collect(Collectors.toMap(Function.identity(), id -> unknown));
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
