package dev.sluice.store;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A store in memory that behaves as PostgreSQL does behind {@link OrderStore}, and misbehaves as told: it fails, stalls,
 * answers late, commits and loses the answer, refuses. Everything happens on a {@link SimClock}; it passes the same
 * contract suite as the real one.
 */
public final class FakeOrderStore implements OrderStore {

    /** What becomes of one insert. */
    public enum Fate {
        /** Commits and answers after the delay; where that is past the deadline it is unknown by then, and commits. */
        COMMIT,
        /** Nothing is stored, and the answer says so after the delay. */
        FAIL,
        /** Commits after the delay, and the connection breaks before the answer. */
        LOSE,
        /** The connection breaks after the delay, before the commit. */
        BREAK,
        /** Fails after the delay with an error that the port does not know. */
        BLUNDER,
        /** Neither commits nor answers. */
        STALL
    }

    /** A fate and when it strikes. */
    public record Plan(Fate fate, long delayMs) {}

    private static final long BASE_MICROS = 1_800_000_000_000_000L;

    private final SimClock clock;
    private final Map<UUID, StoredOrder> rows = new LinkedHashMap<>();
    private final List<List<Order>> batches = new ArrayList<>();
    private final List<Promise<?>> outstanding = new ArrayList<>();
    private Function<List<Order>, Plan> plan = batch -> new Plan(Fate.COMMIT, 1);
    private Predicate<Order> refused = order -> false;
    private Predicate<Order> dropped = order -> false;
    private boolean up = true;
    private int outstandingMax;

    public FakeOrderStore(SimClock clock) {
        this.clock = clock;
    }

    public void plan(Function<List<Order>, Plan> fates) {
        plan = fates;
    }

    public void plan(Fate fate, long delayMs) {
        plan(batch -> new Plan(fate, delayMs));
    }

    /** Such rows violate a constraint. */
    public void refuse(Predicate<Order> orders) {
        refused = orders;
    }

    /** Such rows are not inserted, without an error. */
    public void drop(Predicate<Order> orders) {
        dropped = orders;
    }

    /** Whether it has a connection; what is outstanding is not touched. */
    public void up(boolean reachable) {
        up = reachable;
    }

    /** What is committed, in the order of commits. */
    public Map<UUID, StoredOrder> rows() {
        return rows;
    }

    /** Every batch that it was sent, in their order. */
    public List<List<Order>> batches() {
        return batches;
    }

    /** Inserts sent and not answered. */
    public int outstanding() {
        return outstanding.size();
    }

    /** The most there ever were at once. */
    public int outstandingMax() {
        return outstandingMax;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        requireSorted(batch);
        batches.add(List.copyOf(batch));
        if (!up) {
            return Future.failedFuture(StoreFailure.notStored("not connected"));
        }
        Promise<List<Outcome>> promise = sent(deadline);
        Plan planned = plan.apply(batch);
        if (planned.fate() != Fate.STALL) {
            clock.after(planned.delayMs(), () -> strike(planned.fate(), batch, promise));
        }
        return promise.future();
    }

    private <T> Promise<T> sent(Deadline deadline) {
        Promise<T> promise = Promise.promise();
        outstanding.add(promise);
        outstandingMax = Math.max(outstandingMax, outstanding.size());
        promise.future().onComplete(done -> outstanding.remove(promise));
        clock.after(
                Math.max(1, deadline.remainingMs(clock.nanos())),
                () -> promise.tryFail(StoreFailure.unknown("no answer within the deadline")));
        return promise;
    }

    private void strike(Fate fate, List<Order> batch, Promise<List<Outcome>> promise) {
        switch (fate) {
            case COMMIT -> commit(batch, promise);
            case FAIL -> promise.tryFail(StoreFailure.notStored("rolled back"));
            case LOSE -> {
                commit(batch, Promise.promise());
                promise.tryFail(StoreFailure.unknown("connection lost"));
            }
            case BREAK -> promise.tryFail(StoreFailure.unknown("connection lost"));
            case BLUNDER -> promise.tryFail(new IllegalStateException("not foreseen"));
            case STALL -> throw new IllegalStateException("a stalled insert goes on");
        }
    }

    private void commit(List<Order> batch, Promise<List<Outcome>> promise) {
        Optional<Order> culprit = batch.stream().filter(refused).findFirst();
        if (culprit.isPresent()) {
            promise.tryFail(new StoreFailure(
                    StoreFailure.Kind.REFUSED, "refused " + culprit.get().clientOrderId()));
            return;
        }
        long nowMicros = BASE_MICROS + clock.elapsedMs() * 1000;
        List<Outcome> outcomes = new ArrayList<>();
        batch.forEach(order -> outcomes.add(commit(order, nowMicros)));
        promise.tryComplete(outcomes);
    }

    private Outcome commit(Order order, long nowMicros) {
        if (dropped.test(order) && !rows.containsKey(order.id())) {
            return new Outcome.Refused("dropped " + order.clientOrderId());
        }
        StoredOrder before = rows.putIfAbsent(order.id(), new StoredOrder(order, nowMicros));
        if (before == null) {
            return new Outcome.Committed(nowMicros);
        }
        boolean same = before.order().fingerprint().equals(order.fingerprint());
        return same ? new Outcome.Replayed(before) : new Outcome.Conflict();
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        if (!up) {
            return Future.failedFuture(StoreFailure.notStored("not connected"));
        }
        Promise<Optional<StoredOrder>> promise = sent(deadline);
        Plan planned = plan.apply(List.of());
        if (planned.fate() != Fate.STALL) {
            clock.after(
                    planned.delayMs(),
                    () -> promise.tryComplete(Optional.ofNullable(rows.get(id))
                            .filter(stored -> stored.order().account().equals(account))));
        }
        return promise.future();
    }

    @Override
    public Future<Void> close() {
        up = false;
        List.copyOf(outstanding).forEach(promise -> promise.tryFail(StoreFailure.unknown("closed")));
        return Future.succeededFuture();
    }

    /** What the port asks of its callers; a database would deadlock instead. */
    private static void requireSorted(List<Order> batch) {
        if (batch.isEmpty()) {
            throw new AssertionError("an empty batch");
        }
        for (int i = 1; i < batch.size(); i++) {
            if (batch.get(i - 1).id().compareTo(batch.get(i).id()) >= 0) {
                throw new AssertionError("ids must be unique and ascend: " + batch);
            }
        }
    }
}
