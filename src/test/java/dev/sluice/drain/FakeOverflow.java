package dev.sluice.drain;

import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.OverflowState;
import dev.sluice.store.SimClock;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The overflow in memory, as Redis keeps it: a stream, the orders by id, dead letters, tombstones, and who was given
 * what. It misbehaves as told: refuses, answers late, applies and loses the answer, breaks before it applies. Readers
 * come and die; what a dead one held goes to the next.
 */
final class FakeOverflow implements DeadLetters {

    /** What becomes of one call that changes something. */
    enum Fate {
        APPLY,
        /** Nothing happens, and the answer says so. */
        REFUSE,
        /** It happens, and the answer is lost. */
        LOSE,
        /** Nothing happens, and nobody knows. */
        BREAK
    }

    record Entry(UUID id, long queuedAtMillis) {}

    /** After which an entry that was given and not settled is given again. */
    private static final long CLAIM_IDLE_MS = 3_000;

    final Map<String, Entry> stream = new LinkedHashMap<>();
    final Map<UUID, Order> orders = new LinkedHashMap<>();
    final Map<UUID, DeadLetter> dead = new TreeMap<>();
    final Map<UUID, DeadLetter> tombstones = new TreeMap<>();
    final List<List<DrainQueue.Settlement>> settled = new ArrayList<>();

    private final SimClock clock;
    private final Map<String, Reader> holders = new LinkedHashMap<>();
    private final Map<String, Long> deliveries = new LinkedHashMap<>();
    private final Map<String, Long> givenAtMs = new LinkedHashMap<>();
    Supplier<Fate> fates = () -> Fate.APPLY;
    Supplier<Long> delays = () -> 1L;
    boolean up = true;
    int deadMax = Integer.MAX_VALUE;

    /** What is said beyond that: the bound, or that memory has no room for one more while entries fill it. */
    String deadRefusal = DrainQueue.DEAD_LETTERS_FULL;

    int reads;
    int resolves;
    private int entries;

    FakeOverflow(SimClock clock) {
        this.clock = clock;
    }

    /** Queues it, also where it is queued already: then its entry is a repetition. */
    void put(Order order) {
        orders.putIfAbsent(order.id(), order);
        stream.put(++entries + "-0", new Entry(order.id(), clock.elapsedMs() + 1));
    }

    /** Everything is gone, as in a failover to an empty replica. */
    void forget() {
        stream.clear();
        orders.clear();
        holders.clear();
    }

    boolean isEmpty() {
        return stream.isEmpty() && orders.isEmpty() && holders.isEmpty();
    }

    Reader reader() {
        return new Reader();
    }

    private <T> Future<T> answer(Supplier<T> effect, boolean changes) {
        Promise<T> promise = Promise.promise();
        Fate fate = changes ? fates.get() : Fate.APPLY;
        clock.after(delays.get(), () -> strike(promise, effect, fate));
        return promise.future();
    }

    private <T> void strike(Promise<T> promise, Supplier<T> effect, Fate fate) {
        if (!up || fate == Fate.REFUSE) {
            promise.fail(StoreFailure.notStored("Redis is away"));
            return;
        }
        if (fate == Fate.BREAK) {
            promise.fail(StoreFailure.unknown("Redis broke"));
            return;
        }
        try {
            T value = effect.get();
            if (fate == Fate.LOSE) {
                promise.fail(StoreFailure.unknown("Redis answered nobody"));
            } else {
                promise.complete(value);
            }
        } catch (StoreFailure failure) {
            promise.fail(failure);
        }
    }

    /** One drain's side of it. */
    final class Reader implements DrainQueue {

        private boolean gone;

        /** The connection is new, or broke: what was delivered before may never have arrived. */
        private boolean readsAgain = true;

        /** Dies: hears nothing more, and what it held may be claimed. What it has sent still arrives. */
        void die() {
            gone = true;
        }

        private <T> Future<T> hear(Future<T> answer) {
            Promise<T> heard = Promise.promise();
            answer.onComplete(result -> {
                if (!gone) {
                    heard.handle(result);
                }
            });
            return heard.future();
        }

        @Override
        public boolean isUp() {
            return up && !gone;
        }

        @Override
        public Future<List<Delivery>> read(int max) {
            reads++;
            return hear(answer(() -> give(max), false)).onFailure(broken -> readsAgain = true);
        }

        /** Held by a reader that is gone, by this one before its connection broke, or for longer than a claim waits. */
        private boolean isDue(String entry, Reader holder) {
            boolean idle = clock.elapsedMs() - givenAtMs.getOrDefault(entry, 0L) >= CLAIM_IDLE_MS;
            return holder.gone || (holder == this && readsAgain) || idle;
        }

        private List<Delivery> give(int max) {
            List<String> given = new ArrayList<>();
            holders.forEach((entry, holder) -> {
                if (given.size() < max && isDue(entry, holder)) {
                    given.add(entry);
                }
            });
            readsAgain &= given.size() == max;
            for (String entry : stream.keySet()) {
                if (given.size() < max && !holders.containsKey(entry)) {
                    given.add(entry);
                }
            }
            given.forEach(entry -> {
                holders.put(entry, this);
                givenAtMs.put(entry, clock.elapsedMs());
            });
            return given.stream().map(FakeOverflow.this::delivery).toList();
        }

        @Override
        public Future<Void> settle(List<Settlement> settlements) {
            return hear(answer(() -> apply(settlements), true)).onFailure(broken -> readsAgain = true);
        }

        @Override
        public Future<OverflowState> look() {
            return hear(answer(FakeOverflow.this::state, false));
        }

        @Override
        public Future<Void> close() {
            gone = true;
            return Future.succeededFuture();
        }
    }

    private OverflowState state() {
        long oldest =
                stream.values().stream().mapToLong(Entry::queuedAtMillis).min().orElse(0);
        return new OverflowState(orders.size(), oldest, dead.size());
    }

    private DrainQueue.Delivery delivery(String entry) {
        UUID id = stream.get(entry).id();
        return new DrainQueue.Delivery(0, entry, id, orders.get(id), deliveries.merge(entry, 1L, Long::sum));
    }

    private @Nullable Void apply(List<DrainQueue.Settlement> settlements) {
        Set<UUID> dying = new HashSet<>();
        for (DrainQueue.Settlement settlement : settlements) {
            if (settlement.deadBecause() != null
                    && stream.containsKey(settlement.delivery().entryId())) {
                dying.add(letter(settlement).id());
            }
        }
        dying.removeAll(dead.keySet());
        if (!dying.isEmpty() && dead.size() + dying.size() > deadMax) {
            throw StoreFailure.notStored(deadRefusal);
        }
        settled.add(List.copyOf(settlements));
        settlements.forEach(this::apply);
        return null;
    }

    private void apply(DrainQueue.Settlement settlement) {
        DrainQueue.Delivery delivery = settlement.delivery();
        holders.remove(delivery.entryId());
        if (stream.remove(delivery.entryId()) == null) {
            return;
        }
        if (delivery.order() != null) {
            orders.remove(delivery.id());
        }
        if (settlement.deadBecause() != null) {
            DeadLetter letter = letter(settlement);
            dead.put(letter.id(), letter);
        }
    }

    private DeadLetter letter(DrainQueue.Settlement settlement) {
        Order order = settlement.delivery().order();
        return new DeadLetter(idOf(order), order, settlement.deadBecause(), clock.elapsedMs() * 1_000, false);
    }

    static UUID idOf(Order order) {
        return UUID.nameUUIDFromBytes((order.id() + "/" + order.fingerprint()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Future<List<DeadLetter>> list(@Nullable UUID after, int max) {
        return answer(
                () -> dead.values().stream()
                        .filter(letter -> after == null || letter.id().compareTo(after) > 0)
                        .limit(max)
                        .toList(),
                false);
    }

    @Override
    public Future<Optional<DeadLetter>> get(UUID id) {
        return answer(() -> Optional.ofNullable(dead.getOrDefault(id, tombstones.get(id))), false);
    }

    @Override
    public Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline) {
        return answer(
                () -> dead.values().stream()
                        .filter(letter -> letter.order().id().equals(orderId))
                        .toList(),
                false);
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return answer(
                () -> {
                    Optional<DeadLetter> letter = Optional.ofNullable(dead.remove(id));
                    letter.ifPresent(found -> put(found.order()));
                    return letter;
                },
                true);
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return answer(
                () -> Optional.ofNullable(dead.remove(id)).map(letter -> {
                    DeadLetter grave = new DeadLetter(id, letter.order(), letter.reason(), letter.diedAtMicros(), true);
                    tombstones.put(id, grave);
                    return grave;
                }),
                true);
    }

    @Override
    public Future<Void> resolve(List<Order> committed) {
        resolves++;
        return answer(
                () -> {
                    committed.forEach(order -> dead.remove(idOf(order)));
                    return null;
                },
                true);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
