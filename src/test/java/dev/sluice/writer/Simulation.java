package dev.sluice.writer;

import dev.sluice.batch.Takeover.State;
import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.FakeOrderStore;
import dev.sluice.store.FakeOrderStore.Fate;
import dev.sluice.store.FakeOrderStore.Plan;
import dev.sluice.store.FakeOverflow;
import dev.sluice.store.SimClock;
import dev.sluice.store.TestOrders;
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
 * One seeded life of a writer: clients send, repeat and contradict themselves, PostgreSQL and the overflow fail in every
 * way they know, a drain moves what is queued, time passes on a clock of its own. Afterwards every answer is held
 * against what is stored, queued and dead.
 */
final class Simulation {

    /** One order sent once, and what was heard of it. */
    private record Sent(int number, Order order, long atMs, List<Outcome> heard, List<Long> heardAtMs) {}

    /** How often the runs reached what they are about; a suite that never did is void. */
    static final class Reached {
        private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        private final Map<State, Integer> states = new EnumMap<>(State.class);
        int lateRows;
        int queuedReplays;
        int lateEntries;
        int drained;
        int dead;

        int of(State state) {
            return states.getOrDefault(state, 0);
        }

        int of(Kind kind) {
            return counts.getOrDefault(kind, 0);
        }
    }

    /** An outcome, for counting. */
    enum Kind {
        COMMITTED,
        REPLAYED,
        QUEUED,
        CONFLICT,
        REFUSED,
        NOT_STORED,
        UNKNOWN;

        private static final Map<Class<?>, Kind> BY_CLASS = Map.of(
                Outcome.Committed.class, COMMITTED,
                Outcome.Replayed.class, REPLAYED,
                Outcome.Queued.class, QUEUED,
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
    private static final long DEADLINE_MS = 1_000;
    private static final long OVERFLOW_DEADLINE_MS = 800;

    private final Random random;
    private final Reached reached;
    private final SimClock clock = new SimClock();
    private final FakeOrderStore store = new FakeOrderStore(clock);
    private final FakeOverflow overflow = new FakeOverflow(clock);
    private final Map<UUID, List<Order>> dead = new HashMap<>();
    private final SimulatedOrders orders;
    private final BatchWriter writer;
    private final List<Sent> history = new ArrayList<>();
    private final Map<UUID, List<Sent>> byId = new HashMap<>();
    private final int trouble;
    private final int overflowTrouble;

    Simulation(long seed, Metrics metrics, SimulatedOrders orders, Reached reached) {
        random = new Random(seed);
        this.orders = orders;
        this.reached = reached;
        SluiceConfig config = TestConfig.of(
                "writer.batchMax=" + (1 + random.nextInt(8)),
                "writer.batchBytesMax=" + (300 + random.nextInt(5_000)),
                "writer.inFlightMax=" + (1 + random.nextInt(3)),
                "writer.fillMin=" + (1 + random.nextInt(8)),
                "writer.bufferMax=" + (1 + random.nextInt(40)),
                "writer.bufferBytesMax=" + (1_000 + random.nextInt(20_000)),
                "writer.deadlineMs=" + DEADLINE_MS,
                "overflow.deadlineMs=" + OVERFLOW_DEADLINE_MS,
                "overflow.highWatermark=" + (1 + random.nextInt(100)));
        trouble = random.nextInt(100);
        overflowTrouble = random.nextInt(3) == 0 ? 0 : random.nextInt(100);
        writer = new BatchWriter(store, overflow, config, metrics, clock::nanos);
        store.plan(batch -> fate());
        overflow.plan(call -> overflowFate());
        store.refuse(SimulatedOrders::isPoison);
    }

    private Future<List<Outcome>> accept(List<Order> message, Priority priority) {
        return writer.accept(new OrderBatch(message, priority)).map(OutcomeBatch::outcomes);
    }

    private Plan fate() {
        if (random.nextInt(100) >= trouble) {
            return new Plan(Fate.COMMIT, 1 + random.nextInt(20));
        }
        Fate[] fates = Fate.values();
        Fate fate = fates[random.nextInt(fates.length)];
        return new Plan(fate, random.nextInt(5) == 0 ? random.nextInt(3_000) : random.nextInt(50));
    }

    private FakeOverflow.Plan overflowFate() {
        if (random.nextInt(100) >= overflowTrouble) {
            return new FakeOverflow.Plan(FakeOverflow.Fate.ANSWER, random.nextInt(10));
        }
        FakeOverflow.Fate[] fates = FakeOverflow.Fate.values();
        FakeOverflow.Fate fate = fates[random.nextInt(fates.length)];
        return new FakeOverflow.Plan(fate, random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(50));
    }

    /** @throws AssertionError where a promise was broken */
    void run() {
        tick();
        while (clock.elapsedMs() < SENDING_MS) {
            if (random.nextInt(40) == 0) {
                store.up(random.nextInt(3) > 0);
            }
            if (random.nextInt(40) == 0) {
                overflow.up(random.nextInt(3) > 0);
            }
            if (random.nextInt(4) == 0) {
                drain();
            }
            send();
            clock.advanceMs(random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(20));
        }
        store.up(true);
        overflow.up(true);
        clock.advanceMs(SETTLING_MS);
        require(overflow.outstanding() == 0, "no offer is left behind");
        require(writer.isIdle(), "the writer is idle in the end");
        requireThatItRecovers();
        history.forEach(sent ->
                byId.computeIfAbsent(sent.order().id(), id -> new ArrayList<>()).add(sent));
        history.forEach(this::judge);
        judgeRows();
    }

    /** When all is well again an order is committed, whatever came before. */
    private void requireThatItRecovers() {
        store.plan(Fate.COMMIT, 1);
        Order last = TestOrders.order(null);
        Future<List<Outcome>> reply = accept(List.of(last), Priority.LIVE);
        clock.advanceMs(SETTLING_MS);
        require(reply.isComplete() && reply.result().get(0) instanceof Outcome.Committed, "it recovers", reply);
        store.rows().remove(last.id());
    }

    private void tick() {
        writer.tick();
        reached.states.merge(writer.takeover(), 1, Integer::sum);
        clock.after(10, this::tick);
    }

    /** First commit wins: an entry becomes a row, or finds one of its content, or is dead. */
    private void drain() {
        List<Order> queued = List.copyOf(overflow.orders().values());
        for (Order entry : queued.subList(0, random.nextInt(queued.size() + 1))) {
            StoredOrder row = store.rows().get(entry.id());
            boolean loses = row != null && !row.order().fingerprint().equals(entry.fingerprint());
            if (SimulatedOrders.isPoison(entry) || loses) {
                dead.computeIfAbsent(entry.id(), id -> new ArrayList<>()).add(entry);
                reached.dead++;
            } else if (row == null) {
                store.rows().put(entry.id(), new StoredOrder(entry, clock.elapsedMs()));
                reached.drained++;
            }
            overflow.orders().remove(entry.id());
        }
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
        Future<List<Outcome>> reply = accept(message, random.nextBoolean() ? Priority.LIVE : Priority.BULK);
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
        require(took <= DEADLINE_MS + OVERFLOW_DEADLINE_MS + 20, "an outcome within the deadline", took, sent);
        Outcome outcome = sent.heard().get(0);
        reached.counts.merge(Kind.of(outcome), 1, Integer::sum);
        StoredOrder row = store.rows().get(sent.order().id());
        boolean stored =
                row != null && row.order().fingerprint().equals(sent.order().fingerprint());
        boolean queued = isHeld(sent.order(), true);
        boolean absent = !stored && !queued;
        switch (Kind.of(outcome)) {
            case COMMITTED -> require(stored, "committed is stored", sent);
            case REPLAYED ->
                require(stored && ((Outcome.Replayed) outcome).original().equals(row), "a replay shows the row", sent);
            case QUEUED -> judgeQueued(sent, (Outcome.Queued) outcome, stored || queued);
            case CONFLICT -> {
                require(
                        (row != null && !stored) || isHeld(sent.order(), false),
                        "a conflict has an order of other content",
                        sent);
                require(absent || mayBeStoredByAnother(sent), "a conflict is stored nowhere", sent);
            }
            case REFUSED -> require(SimulatedOrders.isPoison(sent.order()) && !stored, "only poison is refused", sent);
            case NOT_STORED -> require(absent || mayBeStoredByAnother(sent), "not stored is not stored", sent);
            case UNKNOWN -> {
                reached.lateRows += stored ? 1 : 0;
                reached.lateEntries += queued ? 1 : 0;
            }
        }
    }

    private void judgeQueued(Sent sent, Outcome.Queued outcome, boolean there) {
        require(there, "queued is a row, an entry or a dead letter", sent);
        require(outcome.entry().fingerprint().equals(sent.order().fingerprint()), "the entry is the order", sent);
        require(outcome.replayed() || outcome.entry().equals(sent.order()), "a new entry is what was sent", sent);
        reached.queuedReplays += outcome.replayed() ? 1 : 0;
    }

    /** Whether an entry or a dead letter has that id and that content, or that id and other content. */
    private boolean isHeld(Order order, boolean sameContent) {
        List<Order> held = new ArrayList<>(dead.getOrDefault(order.id(), List.of()));
        if (overflow.orders().containsKey(order.id())) {
            held.add(overflow.orders().get(order.id()));
        }
        return held.stream().anyMatch(one -> one.fingerprint().equals(order.fingerprint()) == sameContent);
    }

    /** The same order was sent at another time too, and that one may be the row. */
    private boolean mayBeStoredByAnother(Sent sent) {
        return sendsOf(sent.order()).stream()
                .anyMatch(other -> other.number() != sent.number()
                        && other.order().fingerprint().equals(sent.order().fingerprint())
                        && mayHaveStored(other.heard().get(0)));
    }

    private static boolean mayHaveStored(Outcome outcome) {
        return !(outcome instanceof Outcome.NotStored
                || outcome instanceof Outcome.Conflict
                || outcome instanceof Outcome.Refused);
    }

    /** One row for a new commit, and no row that was not sent. */
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
        overflow.orders().values().forEach(this::requireSent);
        dead.values().forEach(letters -> letters.forEach(this::requireSent));
    }

    private void requireSent(Order held) {
        require(
                sendsOf(held).stream().anyMatch(sent -> sent.order().equals(held)),
                "an entry or a dead letter that was never sent",
                held);
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
