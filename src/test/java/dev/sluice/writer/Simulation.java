package dev.sluice.writer;

import dev.sluice.metrics.Metrics;
import dev.sluice.order.Lane;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.FakeOrderStore.Plan;
import dev.sluice.store.SimClock;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * One seeded life of a writer: clients send, repeat and contradict themselves, the store fails in every way it knows,
 * time passes on a clock of its own. Afterwards every answer is held against what is stored.
 */
final class Simulation {

    /** One order sent once, and what was heard of it. */
    private record Sent(int number, Order order, long atMs, List<Outcome> heard, List<Long> heardAtMs) {}

    /** How often the runs reached what they are about; a suite that never did is void. */
    static final class Reached {
        private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        int lateRows;

        int of(Kind kind) {
            return counts.getOrDefault(kind, 0);
        }
    }

    /** An outcome, for counting. */
    enum Kind {
        COMMITTED,
        REPLAYED,
        CONFLICT,
        REFUSED,
        NOT_STORED,
        UNKNOWN;

        private static final Map<Class<?>, Kind> BY_CLASS = Map.of(
                Outcome.Committed.class, COMMITTED,
                Outcome.Replayed.class, REPLAYED,
                Outcome.Conflict.class, CONFLICT,
                Outcome.Refused.class, REFUSED,
                Outcome.NotStored.class, NOT_STORED,
                Outcome.Unknown.class, UNKNOWN);

        static Kind of(Outcome outcome) {
            return BY_CLASS.get(outcome.getClass());
        }
    }

    private static final long SENDING_MS = 2_000;
    private static final long SETTLING_MS = 6_000;

    private final Random random;
    private final Reached reached;
    private final SimClock clock = new SimClock();
    private final FakeOrderStore store = new FakeOrderStore(clock);
    private final SimulatedOrders orders;
    private final WriterOptions options;
    private final BatchWriter writer;
    private final List<Sent> history = new ArrayList<>();
    private final Map<UUID, List<Sent>> byId = new HashMap<>();
    private final int trouble;

    Simulation(long seed, Metrics metrics, SimulatedOrders orders, Reached reached) {
        random = new Random(seed);
        this.orders = orders;
        this.reached = reached;
        int buffer = 1 + random.nextInt(40);
        options = new WriterOptions(
                1 + random.nextInt(8),
                300 + random.nextInt(5_000),
                1 + random.nextInt(3),
                1 + random.nextInt(8),
                buffer,
                1_000 + random.nextInt(20_000),
                1_000,
                300);
        trouble = random.nextInt(100);
        writer = new BatchWriter(store, options, metrics, clock::nanos);
        store.plan(batch -> fate());
        store.refuse(SimulatedOrders::isPoison);
    }

    private Plan fate() {
        if (random.nextInt(100) >= trouble) {
            return new Plan(Fate.COMMIT, 1 + random.nextInt(20));
        }
        Fate[] fates = Fate.values();
        Fate fate = fates[random.nextInt(fates.length)];
        return new Plan(fate, random.nextInt(5) == 0 ? random.nextInt(3_000) : random.nextInt(50));
    }

    /** @throws AssertionError where a promise was broken */
    void run() {
        tick();
        while (clock.elapsedMs() < SENDING_MS) {
            if (random.nextInt(40) == 0) {
                store.up(random.nextInt(3) > 0);
            }
            send();
            clock.advanceMs(random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(20));
        }
        store.up(true);
        clock.advanceMs(SETTLING_MS);
        require(writer.isIdle(), "the writer is idle in the end");
        history.forEach(sent ->
                byId.computeIfAbsent(sent.order().id(), id -> new ArrayList<>()).add(sent));
        history.forEach(this::judge);
        judgeRows();
    }

    private void tick() {
        writer.tick();
        clock.after(10, this::tick);
    }

    private void send() {
        List<Order> message = new ArrayList<>();
        List<Sent> sent = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            Order order = orders.any(random);
            message.add(order);
            sent.add(new Sent(
                    history.size() + sent.size(), order, clock.elapsedMs(), new ArrayList<>(), new ArrayList<>()));
        }
        history.addAll(sent);
        Future<List<Outcome>> reply = writer.accept(message, random.nextBoolean() ? Lane.LIVE : Lane.BULK);
        reply.onComplete(done -> {
            require(done.succeeded() && done.result().size() == sent.size(), "a reply has an outcome for each order");
            for (int i = 0; i < sent.size(); i++) {
                sent.get(i).heard().add(done.result().get(i));
                sent.get(i).heardAtMs().add(clock.elapsedMs());
            }
        });
    }

    private void judge(Sent sent) {
        require(sent.heard().size() == 1, "exactly one outcome", sent);
        long took = sent.heardAtMs().get(0) - sent.atMs();
        require(took <= options.deadlineMs() + 10, "an outcome within the deadline", took, sent);
        Outcome outcome = sent.heard().get(0);
        reached.counts.merge(Kind.of(outcome), 1, Integer::sum);
        StoredOrder row = store.rows().get(sent.order().id());
        boolean stored =
                row != null && row.order().fingerprint().equals(sent.order().fingerprint());
        switch (Kind.of(outcome)) {
            case COMMITTED -> require(stored, "committed is stored", sent);
            case REPLAYED ->
                require(stored && ((Outcome.Replayed) outcome).original().equals(row), "a replay shows the row", sent);
            case CONFLICT -> require(row != null && !stored, "a conflict has a row of other content", sent);
            case REFUSED -> require(SimulatedOrders.isPoison(sent.order()) && !stored, "only poison is refused", sent);
            case NOT_STORED -> require(!stored || mayBeStoredByAnother(sent), "not stored is not stored", sent);
            case UNKNOWN -> reached.lateRows += stored ? 1 : 0;
        }
    }

    /** The same order was sent at another time too, and that one may be the row. */
    private boolean mayBeStoredByAnother(Sent sent) {
        return sendsOf(sent.order()).stream()
                .anyMatch(other -> other.number() != sent.number()
                        && other.order().fingerprint().equals(sent.order().fingerprint())
                        && !(other.heard().get(0) instanceof Outcome.NotStored));
    }

    /** One row for a new commit, and no row that nobody sent. */
    private void judgeRows() {
        for (Map.Entry<UUID, StoredOrder> row : store.rows().entrySet()) {
            Order order = row.getValue().order();
            require(order.id().equals(row.getKey()), "a row under its own id");
            require(
                    sendsOf(order).stream().anyMatch(sent -> sent.order().equals(order)),
                    "a row that was never sent",
                    order);
            long commits = sendsOf(order).stream()
                    .filter(sent -> sent.heard().get(0) instanceof Outcome.Committed)
                    .count();
            require(commits <= 1, "committed twice", order);
        }
    }

    private List<Sent> sendsOf(Order order) {
        return byId.getOrDefault(order.id(), List.of());
    }

    private static void require(boolean held, String promise, Object... about) {
        if (!held) {
            throw new AssertionError(promise + ": " + Arrays.toString(about));
        }
    }
}
