package dev.sluice.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An overflow in memory that behaves as Redis does behind its three ports, and misbehaves as told: it fails, stalls,
 * answers late, does what it is asked and loses the answer. It records what it was asked. Everything happens on a
 * {@link SimClock}; it passes the same contract suite as the real one.
 */
public final class FakeOverflow implements OverflowQueue, DeadLetters {

    /** What becomes of one call. */
    public enum Fate {
        /** Does it and answers, after the delay; where that is past the deadline it is unknown by then, and done. */
        ANSWER,
        /** Nothing is done, and the answer says so after the delay. */
        FAIL,
        /** Does it after the delay, and the connection breaks before the answer. */
        LOSE,
        /** The connection breaks after the delay, before anything is done. */
        BREAK,
        /** Neither does it nor answers. */
        STALL
    }

    /** A fate and when it strikes. */
    public record Plan(Fate fate, long delayMs) {}

    /** What is called. */
    public enum Call {
        OFFER,
        FIND,
        READ,
        SETTLE,
        LOOK,
        LETTERS;

        /** Whether it changes what is kept; a call for dead letters may. */
        public boolean isChange() {
            return this == OFFER || this == SETTLE || this == LETTERS;
        }
    }

    private record Entry(UUID orderId, long queuedAtMs) {}

    private record Given(String reader, long deliveries, long elapsedMs) {}

    private static final long COMMAND_MS = 1_000;
    private static final long CLAIM_IDLE_MS = 3_000;

    private final SimClock clock;
    private final long entriesMax;
    private long deadLettersMax;
    private final long claimIdleMs;
    private final Map<UUID, Order> orders = new LinkedHashMap<>();
    private final TreeMap<Long, Entry> stream = new TreeMap<>();
    private final TreeMap<Long, Given> pending = new TreeMap<>();
    private final TreeMap<String, DeadLetter> dead = new TreeMap<>();
    private final TreeMap<String, DeadLetter> tombstones = new TreeMap<>();
    private final Map<String, Reader> readers = new HashMap<>();
    private final List<Promise<?>> outstanding = new ArrayList<>();
    private Function<Call, Plan> plan = call -> new Plan(Fate.ANSWER, 1);
    private long numbers;
    private long delivered;
    private boolean up = true;
    private OptionalDouble secondsToEmpty = OptionalDouble.empty();
    private String deadLettersRefusal = DrainQueue.DEAD_LETTERS_FULL;
    private final List<List<Order>> offers = new ArrayList<>();
    private final List<List<Settlement>> settled = new ArrayList<>();
    private final Map<Call, Integer> calls = new EnumMap<>(Call.class);

    /** Without bounds. */
    public FakeOverflow(SimClock clock) {
        this(clock, Long.MAX_VALUE, Long.MAX_VALUE, CLAIM_IDLE_MS);
    }

    public FakeOverflow(SimClock clock, long entriesMax, long deadLettersMax, long claimIdleMs) {
        this.clock = clock;
        this.entriesMax = entriesMax;
        this.deadLettersMax = deadLettersMax;
        this.claimIdleMs = claimIdleMs;
    }

    public void plan(Function<Call, Plan> fates) {
        plan = fates;
    }

    public void plan(Fate fate, long delayMs) {
        plan(call -> new Plan(fate, delayMs));
    }

    /** Whether it can be reached; what is outstanding is not touched. Readers that come back begin anew. */
    public void up(boolean reachable) {
        if (reachable && !up) {
            readers.values().forEach(Reader::restart);
        }
        up = reachable;
    }

    /** What is queued, by id. */
    public Map<UUID, Order> orders() {
        return orders;
    }

    /** Dead letters, tombstones not among them, by id. */
    public Map<String, DeadLetter> dead() {
        return dead;
    }

    public Map<String, DeadLetter> tombstones() {
        return tombstones;
    }

    /** The id of the dead letter that an order becomes. */
    public static UUID letterOf(Order order) {
        return UUID.nameUUIDFromBytes((order.id() + ":" + order.fingerprint()).getBytes(UTF_8));
    }

    public void deadLettersMax(long max) {
        deadLettersMax = max;
    }

    /** Why a dead letter beyond the bound is refused: the bound, or memory that has no room for one more. */
    public void deadLettersRefusal(String reason) {
        deadLettersRefusal = reason;
    }

    /** How long it tells that it takes to empty. */
    public void secondsToEmpty(OptionalDouble seconds) {
        secondsToEmpty = seconds;
    }

    /** Every offer that was made. */
    public List<List<Order>> offers() {
        return offers;
    }

    /** Every settlement that was done. */
    public List<List<Settlement>> settled() {
        return settled;
    }

    /** How often it was called so. */
    public int calls(Call call) {
        return calls.getOrDefault(call, 0);
    }

    /** Calls that are not answered. */
    public int outstanding() {
        return outstanding.size();
    }

    /** Queues it, also where it is queued already: then its entry is a repetition. */
    public void put(Order order) {
        orders.putIfAbsent(order.id(), order);
        stream.put(++numbers, new Entry(order.id(), clock.epochMs()));
    }

    /** Nothing is queued, and nothing is left to settle. */
    public boolean isEmpty() {
        return stream.isEmpty() && orders.isEmpty() && pending.isEmpty();
    }

    /** Everything is gone, as in a failover to an empty replica. */
    public void forget() {
        stream.clear();
        orders.clear();
        pending.clear();
    }

    /** A new reader of the queue. */
    public Reader reader() {
        return reader("reader " + readers.size());
    }

    /** A reader of the queue, or the same one again. */
    public Reader reader(String name) {
        return readers.computeIfAbsent(name, Reader::new);
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public long depth() {
        return orders.size();
    }

    @Override
    public OptionalDouble secondsToEmpty() {
        return secondsToEmpty;
    }

    private <T> Future<T> call(Call call, long deadlineMs, Supplier<T> work) {
        calls.merge(call, 1, Integer::sum);
        if (!up) {
            return Future.failedFuture(StoreFailure.notStored("not connected"));
        }
        Promise<T> promise = Promise.promise();
        outstanding.add(promise);
        promise.future().onComplete(done -> outstanding.remove(promise));
        clock.after(
                Math.max(1, deadlineMs), () -> promise.tryFail(StoreFailure.unknown("no answer within the deadline")));
        Plan planned = plan.apply(call);
        if (planned.fate() != Fate.STALL) {
            clock.after(planned.delayMs(), () -> strike(planned.fate(), work, promise));
        }
        return promise.future();
    }

    private static <T> void strike(Fate fate, Supplier<T> work, Promise<T> promise) {
        switch (fate) {
            case ANSWER -> answer(work, promise);
            case FAIL -> promise.tryFail(StoreFailure.notStored("out of memory"));
            case LOSE -> {
                answer(work, Promise.promise());
                promise.tryFail(StoreFailure.unknown("connection lost"));
            }
            case BREAK -> promise.tryFail(StoreFailure.unknown("connection lost"));
            case STALL -> throw new IllegalStateException("a stalled call goes on");
        }
    }

    private static <T> void answer(Supplier<T> work, Promise<T> promise) {
        try {
            promise.tryComplete(work.get());
        } catch (StoreFailure refusal) {
            promise.tryFail(refusal);
        }
    }

    @Override
    public Future<List<Outcome>> offer(List<Order> offered, Deadline deadline) {
        offers.add(List.copyOf(offered));
        long ids = offered.stream().map(Order::id).distinct().count();
        if (offered.isEmpty() || ids != offered.size()) {
            throw new AssertionError("ids must be unique, and there must be one: " + offered);
        }
        return call(Call.OFFER, deadline.remainingMs(clock.nanos()), () -> queue(offered))
                .otherwise(
                        error -> offered.stream().map(order -> outcome(error)).toList());
    }

    private static Outcome outcome(Throwable error) {
        StoreFailure failure = (StoreFailure) error;
        return failure.kind() == StoreFailure.Kind.NOT_STORED
                ? new Outcome.NotStored(failure.reason())
                : new Outcome.Unknown(failure.reason());
    }

    private List<Outcome> queue(List<Order> offered) {
        List<Outcome> outcomes = new ArrayList<>();
        offered.forEach(order -> outcomes.add(queue(order)));
        return outcomes;
    }

    private Outcome queue(Order order) {
        Order entry = orders.get(order.id());
        if (entry != null) {
            boolean same = entry.fingerprint().equals(order.fingerprint());
            return same ? new Outcome.Queued(entry, true) : new Outcome.Conflict();
        }
        if (orders.size() >= entriesMax) {
            return new Outcome.NotStored("the overflow is full");
        }
        put(order);
        return new Outcome.Queued(order, false);
    }

    @Override
    public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
        return call(Call.FIND, deadline.remainingMs(clock.nanos()), () -> {
            Map<UUID, Order> found = new HashMap<>(orders);
            found.keySet().retainAll(ids);
            return found;
        });
    }

    /** Only the very order that was delivered leaves; another may be queued under its id since. */
    private @Nullable Void take(List<Settlement> settlements) {
        settlements.stream().filter(one -> !isDeath(one)).forEach(this::leave);
        List<Settlement> deaths =
                settlements.stream().filter(FakeOverflow::isDeath).toList();
        if (deaths.stream().filter(this::isPresent).count() + dead.size() > deadLettersMax
                && deaths.stream().anyMatch(this::isPresent)) {
            throw StoreFailure.notStored(deadLettersRefusal);
        }
        for (Settlement death : deaths) {
            if (isPresent(death)) {
                markDead(death.delivery().order(), death.deadBecause());
            }
            leave(death);
        }
        settled.add(List.copyOf(settlements));
        return null;
    }

    private static boolean isDeath(Settlement one) {
        return one.deadBecause() != null && one.delivery().order() != null;
    }

    private boolean isPresent(Settlement one) {
        Order order = one.delivery().order();
        return order != null && order.equals(orders.get(order.id()));
    }

    private void leave(Settlement one) {
        if (isPresent(one)) {
            orders.remove(one.delivery().id());
        }
        long number = Long.parseLong(one.delivery().entryId());
        stream.remove(number);
        pending.remove(number);
    }

    private void markDead(Order order, String reason) {
        DeadLetter letter = new DeadLetter(letterOf(order), order, reason, clock.epochMs() * 1_000, false);
        dead.put(letter.id().toString(), letter);
        tombstones.remove(letter.id().toString());
    }

    private OverflowState state() {
        long oldestMs = stream.isEmpty() ? 0 : stream.firstEntry().getValue().queuedAtMs();
        return new OverflowState(orders.size(), oldestMs, dead.size());
    }

    @Override
    public Future<Page> list(@Nullable UUID after, int max, int bytesMax) {
        return letters(() ->
                page(dead.tailMap(after == null ? "" : after.toString(), false).values(), max, bytesMax));
    }

    private static Page page(Collection<DeadLetter> all, int max, int bytesMax) {
        List<DeadLetter> page = new ArrayList<>();
        long bytes = 0;
        for (DeadLetter letter : all) {
            if (page.size() == max || bytes >= bytesMax) {
                return new Page(page, page.get(page.size() - 1).id());
            }
            page.add(letter);
            bytes += letter.order().weightBytes();
        }
        return new Page(page, null);
    }

    @Override
    public Future<Optional<DeadLetter>> get(UUID id) {
        return letters(() -> Optional.ofNullable(dead.getOrDefault(id.toString(), tombstones.get(id.toString()))));
    }

    @Override
    public Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline) {
        return call(Call.LETTERS, deadline.remainingMs(clock.nanos()), () -> {
            List<DeadLetter> letters = new ArrayList<>(dead.values());
            letters.addAll(tombstones.values());
            letters.removeIf(letter -> !letter.order().id().equals(orderId));
            return letters;
        });
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return letters(() -> {
            Optional<DeadLetter> letter = Optional.ofNullable(dead.get(id.toString()));
            letter.ifPresent(found -> requeue(found.order()));
            dead.remove(id.toString());
            return letter;
        });
    }

    private void requeue(Order order) {
        Outcome outcome = queue(order);
        if (outcome instanceof Outcome.Conflict) {
            throw new StoreFailure(StoreFailure.Kind.REFUSED, "another order is queued under the same key");
        }
        if (outcome instanceof Outcome.NotStored full) {
            throw StoreFailure.notStored(full.reason());
        }
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return letters(() -> {
            DeadLetter letter = dead.get(id.toString());
            if (letter != null && tombstones.size() >= deadLettersMax) {
                throw StoreFailure.notStored("tombstones are full");
            }
            if (letter != null) {
                dead.remove(id.toString());
                tombstones.put(id.toString(), letter.tombstone());
            }
            return Optional.ofNullable(letter).map(DeadLetter::tombstone);
        });
    }

    @Override
    public Future<Void> resolve(List<Order> committed) {
        return letters(() -> {
            committed.forEach(order -> dead.remove(letterOf(order).toString()));
            return null;
        });
    }

    private <T> Future<T> letters(Supplier<T> work) {
        return call(Call.LETTERS, COMMAND_MS, work);
    }

    @Override
    public Future<Void> close() {
        up = false;
        List.copyOf(outstanding).forEach(promise -> promise.tryFail(StoreFailure.unknown("closed")));
        return Future.succeededFuture();
    }

    /**
     * One reader of the group; closing it leaves what it was given to others. A call that breaks its connection makes it
     * begin with that again.
     */
    public final class Reader implements DrainQueue {

        private final String name;
        private long pendingAfter;
        private boolean restarted = true;
        private boolean gone;

        private Reader(String name) {
            this.name = name;
        }

        /** Its connection is a new one: it begins with what it was given before. */
        public void restart() {
            restarted = true;
            pendingAfter = 0;
        }

        /** Dies: it hears nothing more, and another claims at once what it held. What it has sent still arrives. */
        public void die() {
            gone = true;
            pending.replaceAll((number, given) -> given.reader().equals(name)
                    ? new Given(name, given.deliveries(), clock.elapsedMs() - claimIdleMs)
                    : given);
        }

        private <T> Future<T> hear(Future<T> answer) {
            Promise<T> heard = Promise.promise();
            answer.onComplete(result -> {
                if (!gone) {
                    heard.handle(result);
                }
            });
            return heard.future().onFailure(error -> {
                if (((StoreFailure) error).kind() == StoreFailure.Kind.UNKNOWN) {
                    restart();
                }
            });
        }

        @Override
        public boolean isUp() {
            return up && !gone;
        }

        @Override
        public Future<List<Delivery>> read(int max) {
            return hear(call(Call.READ, COMMAND_MS, () -> give(max)));
        }

        private List<Delivery> give(int max) {
            List<Delivery> deliveries = new ArrayList<>();
            if (restarted) {
                pending.tailMap(pendingAfter, false).forEach((number, given) -> {
                    if (given.reader().equals(name) && deliveries.size() < max) {
                        deliveries.add(delivery(number, given.deliveries() + 1));
                    }
                });
                restarted = !deliveries.isEmpty();
            }
            if (deliveries.isEmpty()) {
                pending.forEach((number, given) -> {
                    if (clock.elapsedMs() - given.elapsedMs() >= claimIdleMs && deliveries.size() < max) {
                        deliveries.add(delivery(number, given.deliveries() + 1));
                    }
                });
            }
            if (deliveries.isEmpty()) {
                stream.tailMap(delivered, false).keySet().stream()
                        .limit(max)
                        .forEach(number -> deliveries.add(delivery(number, 1)));
            }
            deliveries.forEach(this::note);
            Set<UUID> seen = new HashSet<>();
            deliveries.replaceAll(delivery -> seen.add(delivery.id()) ? delivery : repetition(delivery));
            return deliveries;
        }

        /** An order is in one read once; its other entries hold nothing. */
        private static Delivery repetition(Delivery delivery) {
            return new Delivery(0, delivery.entryId(), null, null, delivery.deliveries());
        }

        private Delivery delivery(long number, long deliveries) {
            UUID id = stream.get(number).orderId();
            return new Delivery(0, Long.toString(number), id, orders.get(id), deliveries);
        }

        private void note(Delivery delivery) {
            long number = Long.parseLong(delivery.entryId());
            pending.put(number, new Given(name, delivery.deliveries(), clock.elapsedMs()));
            delivered = Math.max(delivered, number);
            if (restarted) {
                pendingAfter = number;
            }
        }

        @Override
        public Future<Void> settle(List<Settlement> settlements) {
            return hear(call(Call.SETTLE, COMMAND_MS, () -> take(settlements)));
        }

        @Override
        public Future<OverflowState> look() {
            return hear(call(Call.LOOK, COMMAND_MS, FakeOverflow.this::state));
        }

        @Override
        public Future<Void> close() {
            die();
            return Future.succeededFuture();
        }
    }
}
