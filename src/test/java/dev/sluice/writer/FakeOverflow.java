package dev.sluice.writer;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Deadline;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.SimClock;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.Supplier;

/** An overflow in memory, on a {@link SimClock}, that misbehaves as told. */
final class FakeOverflow implements OverflowQueue {

    /** What becomes of one offer or look. */
    enum Fate {
        /** Queues and answers after the delay; where that is past the deadline it is unknown by then, and queues. */
        TAKE,
        /** Queues nothing and says so. */
        REFUSE,
        /** Queues, and the answer is lost. */
        LOSE,
        /** Neither queues nor answers. */
        STALL
    }

    /** A fate and when it strikes. */
    record Plan(Fate fate, long delayMs) {}

    private final SimClock clock;
    private final Map<UUID, Order> entries = new LinkedHashMap<>();
    private final List<List<Order>> offers = new ArrayList<>();
    private Supplier<Plan> plan = () -> new Plan(Fate.TAKE, 1);
    private boolean up = true;
    OptionalDouble secondsToEmpty = OptionalDouble.empty();
    private int looks;
    private int outstanding;

    FakeOverflow(SimClock clock) {
        this.clock = clock;
    }

    void plan(Supplier<Plan> fates) {
        plan = fates;
    }

    void plan(Fate fate, long delayMs) {
        plan(() -> new Plan(fate, delayMs));
    }

    void up(boolean reachable) {
        up = reachable;
    }

    Map<UUID, Order> entries() {
        return entries;
    }

    /** What a drain does after its commit. */
    void remove(UUID id) {
        entries.remove(id);
    }

    List<List<Order>> offers() {
        return offers;
    }

    int looks() {
        return looks;
    }

    int outstanding() {
        return outstanding;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public long depth() {
        return entries.size();
    }

    @Override
    public OptionalDouble secondsToEmpty() {
        return secondsToEmpty;
    }

    @Override
    public Future<List<Outcome>> offer(List<Order> orders, Deadline deadline) {
        requireUnique(orders);
        offers.add(List.copyOf(orders));
        List<Outcome> unknown = same(orders, new Outcome.Unknown("the overflow did not answer"));
        List<Outcome> refused = same(orders, new Outcome.NotStored("the overflow is full"));
        if (!up) {
            return Future.succeededFuture(refused);
        }
        outstanding++;
        Promise<List<Outcome>> promise = Promise.promise();
        promise.future().onComplete(done -> outstanding--);
        clock.after(Math.max(1, deadline.remainingMs(clock.nanos())), () -> promise.tryComplete(unknown));
        Plan planned = plan.get();
        clock.after(planned.delayMs(), () -> {
            switch (planned.fate()) {
                case TAKE -> promise.tryComplete(queue(orders));
                case REFUSE -> promise.tryComplete(refused);
                case LOSE -> queue(orders);
                case STALL -> {}
            }
        });
        return promise.future();
    }

    private static List<Outcome> same(List<Order> orders, Outcome outcome) {
        return Collections.nCopies(orders.size(), outcome);
    }

    private List<Outcome> queue(List<Order> orders) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Order order : orders) {
            Order before = entries.putIfAbsent(order.id(), order);
            if (before == null) {
                outcomes.add(new Outcome.Queued(order, false));
            } else {
                boolean same = before.fingerprint().equals(order.fingerprint());
                outcomes.add(same ? new Outcome.Queued(before, true) : new Outcome.Conflict());
            }
        }
        return outcomes;
    }

    private static void requireUnique(List<Order> orders) {
        Collection<UUID> ids = new HashSet<>();
        orders.forEach(order -> ids.add(order.id()));
        if (orders.isEmpty() || ids.size() != orders.size()) {
            throw new AssertionError("ids must be unique: " + orders);
        }
    }

    @Override
    public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
        looks++;
        Promise<Map<UUID, Order>> promise = Promise.promise();
        clock.after(
                Math.max(1, deadline.remainingMs(clock.nanos())),
                () -> promise.tryFail(StoreFailure.notStored("the overflow did not answer")));
        Plan planned = up ? plan.get() : new Plan(Fate.REFUSE, 0);
        clock.after(planned.delayMs(), () -> {
            switch (planned.fate()) {
                case TAKE -> promise.tryComplete(found(ids));
                case REFUSE -> promise.tryFail(StoreFailure.notStored("the overflow failed"));
                case LOSE, STALL -> {}
            }
        });
        return promise.future();
    }

    private Map<UUID, Order> found(Collection<UUID> ids) {
        Map<UUID, Order> found = new LinkedHashMap<>(entries);
        found.keySet().retainAll(Collections.unmodifiableCollection(ids));
        return found;
    }

    @Override
    public Future<Void> close() {
        up = false;
        return Future.succeededFuture();
    }
}
