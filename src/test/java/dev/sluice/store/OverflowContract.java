package dev.sluice.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.order.Outcome.Unknown;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the three ports of an overflow promise; run against the fake and against Redis. */
public abstract class OverflowContract {

    protected static final long ENTRIES_MAX = 20;
    protected static final long DEAD_LETTERS_MAX = 3;

    /** Time for anything to happen, milliseconds. */
    protected static final long AMPLE_MS = 10_000;

    /** An overflow with the bounds above, called as its owners call it, with every answer awaited. */
    public interface Rig extends AutoCloseable {

        OverflowQueue overflow();

        /** Another connection to the same queue. */
        OverflowQueue otherOverflow();

        /** Opened when first asked for; what it does not settle is another's after a short while. */
        DrainQueue reader(String name);

        DeadLetters letters();

        /** Runs on the event loop that owns them. Failures are thrown as they come. */
        <T> T await(Supplier<Future<T>> call);

        Deadline in(long ms);

        /** Looks again until it is so, letting time pass. */
        void until(String what, BooleanSupplier condition);

        /** Every connection breaks and is made anew. */
        void reconnect();

        /** From now on it takes orders and does not answer, until {@link #resume()}. */
        void stall();

        void resume();

        /** It cannot be reached any more. */
        void down();

        @Override
        void close();
    }

    private Rig rig;

    /** On an empty queue that is up. */
    protected abstract Rig open() throws Exception;

    @BeforeEach
    void openOverflow() throws Exception {
        rig = open();
    }

    @AfterEach
    void closeOverflow() {
        rig.close();
    }

    private List<Outcome> offer(List<Order> orders) {
        return rig.await(() -> rig.overflow().offer(orders, rig.in(AMPLE_MS)));
    }

    private Outcome offer(Order order) {
        return offer(List.of(order)).get(0);
    }

    private Map<UUID, Order> find(Order... orders) {
        List<UUID> ids = List.of(orders).stream().map(Order::id).toList();
        return rig.await(() -> rig.overflow().find(ids, rig.in(AMPLE_MS)));
    }

    private List<Delivery> read(String reader, int max) {
        return rig.await(() -> rig.reader(reader).read(max));
    }

    private List<Delivery> readAll(String reader, int count) {
        List<Delivery> all = new ArrayList<>();
        rig.until(count + " deliveries", () -> {
            all.addAll(read(reader, count - all.size()));
            return all.size() >= count;
        });
        return all;
    }

    private Delivery readOne(String reader) {
        return readAll(reader, 1).get(0);
    }

    private void settle(String reader, Settlement... settlements) {
        rig.await(() -> rig.reader(reader).settle(List.of(settlements)));
    }

    private OverflowState look() {
        return rig.await(() -> rig.reader("a").look());
    }

    private List<DeadLetter> listed() {
        return page(null, 100).letters();
    }

    private DeadLetters.Page page(@Nullable UUID after, int max) {
        return page(after, max, Integer.MAX_VALUE);
    }

    private DeadLetters.Page page(@Nullable UUID after, int max, int bytesMax) {
        return rig.await(() -> rig.letters().list(after, max, bytesMax));
    }

    private List<DeadLetter> ofOrder(Order order) {
        return rig.await(() -> rig.letters().ofOrder(order.id(), rig.in(AMPLE_MS)));
    }

    /** Queues it and lets it die. */
    private DeadLetter dead(Order order) {
        assertEquals(new Queued(order, false), offer(order));
        settle("a", Settlement.dead(readOne("a"), "check constraint"));
        return ofOrder(order).stream()
                .filter(letter -> letter.order().equals(order))
                .findFirst()
                .orElseThrow();
    }

    private StoreFailure.Kind failureOf(Runnable call) {
        return assertThrows(StoreFailure.class, call::run).kind();
    }

    @Test
    void whatIsOfferedIsFoundReadSettledAndGone() {
        List<Order> orders = TestOrders.many("k", 3);
        List<Outcome> queued =
                orders.stream().<Outcome>map(order -> new Queued(order, false)).toList();
        assertEquals(queued, offer(orders));
        assertEquals(3, rig.overflow().depth());
        assertEquals(
                Set.copyOf(orders),
                Set.copyOf(find(orders.toArray(Order[]::new)).values()));

        List<Delivery> deliveries = readAll("a", 3);
        assertEquals(
                Set.copyOf(orders), deliveries.stream().map(Delivery::order).collect(Collectors.toSet()));
        deliveries.forEach(delivery -> assertEquals(delivery.order().id(), delivery.id()));
        deliveries.forEach(delivery -> assertEquals(1, delivery.deliveries()));
        assertEquals(3, look().entries(), "an entry is there until it is settled");

        settle("a", deliveries.stream().map(Settlement::done).toArray(Settlement[]::new));
        assertEquals(Map.of(), find(orders.toArray(Order[]::new)));
        assertEquals(new OverflowState(0, 0, 0), look());
        assertEquals(List.of(), read("a", 10));
    }

    @Test
    void everyFieldOfAnOrderComesBack() {
        Order order = TestOrders.parse(
                "{\"customerId\":\"Zoë 🛒\",\"currency\":\"JPY\",\"items\":[{\"sku\":\"A\",\"quantity\":1,"
                        + "\"unitPrice\":\"9999999999.9999\"}],\"attributes\":{\"b\":1,\"a\":[\"é\"]}}",
                "other-account");
        assertEquals(new Queued(order, false), offer(order));
        assertEquals(Map.of(order.id(), order), find(order));
        assertEquals(order, readOne("a").order());
    }

    @Test
    void whatIsNotQueuedIsNotFound() {
        assertEquals(Map.of(), find(TestOrders.order("k")));
        assertEquals(Map.of(), find());
        assertEquals(List.of(), read("a", 10));
        assertEquals(new OverflowState(0, 0, 0), look());
    }

    @Test
    void theSameContentIsAnsweredWithTheEntry() {
        Order first = TestOrders.order("k", 2, "12.50");
        Order again = TestOrders.order("k", 2, "12.5");
        assertEquals(new Queued(first, false), offer(first));
        assertEquals(new Queued(first, true), offer(again));
        assertEquals(1, look().entries());
        settle("a", Settlement.done(readOne("a")));
        assertEquals(List.of(), read("a", 10));
    }

    @Test
    void otherContentUnderAKeyIsAConflictAndQueuedNowhere() {
        Order first = TestOrders.order("k", 1);
        Order other = TestOrders.order("k", 2);
        Order neighbour = TestOrders.order("n");
        offer(first);
        assertEquals(List.of(new Conflict(), new Queued(neighbour, false)), offer(List.of(other, neighbour)));
        assertEquals(first, find(first).get(first.id()));
        assertEquals(2, look().entries());
    }

    @Test
    void ofTwoOffersAtOnceOneIsTheEntry() {
        for (int round = 0; round < 10; round++) {
            Order one = TestOrders.order("same" + round);
            Order two = TestOrders.order("same" + round);
            List<Outcome> outcomes = race(one, two);
            Order entry = find(one).get(one.id());
            assertEquals(Set.of(new Queued(entry, false), new Queued(entry, true)), new HashSet<>(outcomes));
        }
        assertEquals(10, look().entries());
        drain("a");
        assertEquals(0, look().entries());
    }

    @Test
    void ofTwoContentsAtOnceOneIsAConflict() {
        for (int round = 0; round < 10; round++) {
            Order one = TestOrders.order("other" + round, 1);
            Order two = TestOrders.order("other" + round, 2);
            List<Outcome> outcomes = race(one, two);
            Order entry = find(one).get(one.id());
            assertEquals(Set.of(new Queued(entry, false), new Conflict()), new HashSet<>(outcomes));
        }
        assertEquals(10, drain("a"));
    }

    private List<Outcome> race(Order one, Order two) {
        return rig.await(() -> {
            Future<List<Outcome>> first = rig.overflow().offer(List.of(one), rig.in(AMPLE_MS));
            Future<List<Outcome>> second = rig.otherOverflow().offer(List.of(two), rig.in(AMPLE_MS));
            return first.compose(a -> second.map(b -> List.of(a.get(0), b.get(0))));
        });
    }

    /** How many orders left. */
    private int drain(String reader) {
        int orders = 0;
        List<Delivery> deliveries = read(reader, 100);
        while (!deliveries.isEmpty()) {
            orders +=
                    (int) deliveries.stream().filter(one -> one.order() != null).count();
            settle(reader, deliveries.stream().map(Settlement::done).toArray(Settlement[]::new));
            deliveries = read(reader, 100);
        }
        return orders;
    }

    @Test
    void theQueueTakesAsManyAsItMayAndNoMore() {
        List<Order> orders = TestOrders.many("k", (int) ENTRIES_MAX + 2);
        offer(orders.subList(0, 18)).forEach(outcome -> assertInstanceOf(Queued.class, outcome));
        assertInstanceOf(Queued.class, offer(orders.get(18)), "below the bound");
        List<Outcome> at = offer(orders.subList(19, 21));
        assertEquals(new Queued(orders.get(19), false), at.get(0), "at the bound");
        assertInstanceOf(NotStored.class, at.get(1));
        assertInstanceOf(NotStored.class, offer(orders.get(21)), "above the bound");
        assertEquals(ENTRIES_MAX, look().entries());
        assertEquals(new Queued(orders.get(0), true), offer(orders.get(0)), "a replay needs no room");

        settle("a", Settlement.done(readOne("a")));
        assertInstanceOf(Queued.class, offer(orders.get(21)));
        assertInstanceOf(NotStored.class, offer(orders.get(20)));
    }

    @Test
    void theOldestEntryIsKnown() {
        offer(TestOrders.order("k"));
        long first = look().oldestMillis();
        assertTrue(first > 1_700_000_000_000L, "milliseconds since the epoch");
        rig.until("later entries", () -> {
            offer(TestOrders.order(null));
            return look().entries() > 3;
        });
        assertEquals(first, look().oldestMillis());
    }

    @Test
    void aDeadLetterTakesTheEntrysPlace() {
        Order order = TestOrders.order("k");
        DeadLetter letter = dead(order);
        assertEquals(new DeadLetter(letter.id(), order, "check constraint", letter.diedAtMicros(), false), letter);
        assertTrue(letter.diedAtMicros() > 1_700_000_000_000_000L, "microseconds since the epoch");
        assertEquals(new OverflowState(0, 0, 1), look());
        assertEquals(Map.of(), find(order));
        assertEquals(List.of(letter), listed());
        assertEquals(Optional.of(letter), rig.await(() -> rig.letters().get(letter.id())));
        assertEquals(List.of(letter), ofOrder(order));
        assertEquals(List.of(), ofOrder(TestOrders.order("other")));
        assertEquals(Optional.empty(), rig.await(() -> rig.letters().get(order.id())));
    }

    @Test
    void anOrderDiesOnlyOnceHoweverOftenItIsSettled() {
        Order order = TestOrders.order("k");
        offer(order);
        Delivery delivery = readOne("a");
        settle("a", Settlement.dead(delivery, "first"));
        DeadLetter letter = listed().get(0);
        settle("a", Settlement.dead(delivery, "again"), Settlement.done(delivery));
        assertEquals(List.of(letter), listed());

        DeadLetter again = dead(TestOrders.order("k"));
        assertEquals(letter.id(), again.id(), "the same content");
        DeadLetter other = dead(TestOrders.order("k", 2));
        assertEquals(Set.of(again, other), Set.copyOf(ofOrder(order)));
    }

    @Test
    void neighboursOfADeadOneLeaveInTheSameSettlement() {
        offer(TestOrders.many("k", 3));
        List<Delivery> three = readAll("a", 3);
        settle("a", Settlement.done(three.get(0)), Settlement.dead(three.get(1), "no"), Settlement.done(three.get(2)));
        assertEquals(new OverflowState(0, 0, 1), look());
        assertEquals(three.get(1).order(), listed().get(0).order());
    }

    @Test
    void atTheDeadLetterBoundNothingDies() {
        dead(TestOrders.order("k0"));
        offer(TestOrders.many("b", 2));
        List<Delivery> two = readAll("a", 2);
        settle("a", Settlement.dead(two.get(0), "below"), Settlement.dead(two.get(1), "at"));
        assertEquals(DEAD_LETTERS_MAX, look().deadLetters());

        offer(TestOrders.many("c", 2));
        List<Delivery> more = readAll("a", 2);
        assertEquals(
                StoreFailure.Kind.NOT_STORED,
                failureOf(() -> settle("a", Settlement.dead(more.get(0), "above"), Settlement.done(more.get(1)))));
        assertEquals(DEAD_LETTERS_MAX, look().deadLetters());
        Order kept = more.get(0).order();
        assertEquals(Map.of(kept.id(), kept), find(kept), "it stays queued");

        DeadLetter discarded = listed().get(0);
        rig.await(() -> rig.letters().discard(discarded.id()));
        settle("a", Settlement.dead(more.get(0), "room again"), Settlement.done(more.get(1)));
        assertEquals(new OverflowState(0, 0, DEAD_LETTERS_MAX), look());
    }

    @Test
    void deadLettersAreListedInPages() {
        for (String key : List.of("x", "y", "z")) {
            dead(TestOrders.order(key));
        }
        List<DeadLetter> all = listed();
        assertEquals(3, all.size());
        List<DeadLetter> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(letter -> letter.id().toString()));
        assertEquals(sorted, all);
        assertEquals(new DeadLetters.Page(all.subList(0, 2), all.get(1).id()), page(null, 2));
        assertEquals(new DeadLetters.Page(all, null), page(null, 3), "a full last page is the last one");
        assertEquals(
                new DeadLetters.Page(all.subList(1, 3), null), page(all.get(0).id(), 2));
        assertEquals(new DeadLetters.Page(List.of(), null), page(all.get(2).id(), 2));
    }

    @Test
    void aPageOfDeadLettersIsBoundedInBytesAndHasOneAtLeast() {
        for (String key : List.of("x", "y", "z")) {
            dead(TestOrders.order(key));
        }
        List<DeadLetter> all = listed();
        int weight = all.get(0).order().weightBytes();
        assertEquals(new DeadLetters.Page(all.subList(0, 1), all.get(0).id()), page(null, 100, 1));
        assertEquals(new DeadLetters.Page(all.subList(0, 1), all.get(0).id()), page(null, 100, weight));
        assertEquals(new DeadLetters.Page(all.subList(0, 2), all.get(1).id()), page(null, 100, weight + 1));
        assertEquals(
                new DeadLetters.Page(all.subList(2, 3), null), page(all.get(1).id(), 100, 1));
        assertEquals(new DeadLetters.Page(all, null), page(null, 100, 3 * weight));
    }

    @Test
    void aReplayedDeadLetterIsQueuedAgainUnderItsOldId() {
        Order order = TestOrders.order("k");
        DeadLetter letter = dead(order);
        assertEquals(Optional.of(letter), replay(letter));
        assertEquals(List.of(), listed());
        assertEquals(List.of(), ofOrder(order));
        assertEquals(Map.of(order.id(), order), find(order));
        assertEquals(Optional.empty(), replay(letter), "there is none any more");
        assertEquals(order, readOne("a").order());
        assertEquals(List.of(), read("a", 10), "once");
    }

    private Optional<DeadLetter> replay(DeadLetter letter) {
        return rig.await(() -> rig.letters().replay(letter.id()));
    }

    @Test
    void aReplayBesideAnEntryOfTheSameKeyLosesNeither() {
        Order order = TestOrders.order("k", 1);
        DeadLetter letter = dead(order);
        Order rival = TestOrders.order("k", 2);
        offer(rival);
        assertEquals(StoreFailure.Kind.REFUSED, failureOf(() -> replay(letter)));
        assertEquals(List.of(letter), listed());
        assertEquals(Map.of(rival.id(), rival), find(rival));

        settle("a", Settlement.done(readOne("a")));
        Order twin = TestOrders.order("k", 1);
        offer(twin);
        assertEquals(Optional.of(letter), replay(letter));
        assertEquals(List.of(), listed());
        assertEquals(1, drain("a"), "the same content is queued once");
    }

    @Test
    void aReplayIntoAFullQueueIsRefused() {
        DeadLetter letter = dead(TestOrders.order("k"));
        offer(TestOrders.many("n", (int) ENTRIES_MAX));
        assertEquals(StoreFailure.Kind.NOT_STORED, failureOf(() -> replay(letter)));
        assertEquals(List.of(letter), listed());
        settle("a", Settlement.done(readOne("a")));
        assertEquals(Optional.of(letter), replay(letter));
        assertEquals(ENTRIES_MAX, look().entries());
    }

    @Test
    void aDiscardedDeadLetterLeavesATombstone() {
        Order order = TestOrders.order("k");
        DeadLetter letter = dead(order);
        DeadLetter tombstone = new DeadLetter(letter.id(), order, letter.reason(), letter.diedAtMicros(), true);
        assertEquals(Optional.of(tombstone), rig.await(() -> rig.letters().discard(letter.id())));
        assertEquals(List.of(), listed());
        assertEquals(0, look().deadLetters());
        assertEquals(Optional.of(tombstone), rig.await(() -> rig.letters().get(letter.id())));
        assertEquals(List.of(tombstone), ofOrder(order));
        assertEquals(Optional.empty(), rig.await(() -> rig.letters().discard(letter.id())));
        assertEquals(Optional.empty(), replay(letter), "a tombstone is no order");

        DeadLetter again = dead(TestOrders.order("k"));
        assertEquals(letter.id(), again.id());
        assertEquals(List.of(again), ofOrder(order), "it outranks its tombstone");
    }

    @Test
    void tombstonesAreBoundedToo() {
        for (int i = 0; i < DEAD_LETTERS_MAX; i++) {
            DeadLetter letter = dead(TestOrders.order("k" + i));
            rig.await(() -> rig.letters().discard(letter.id()));
        }
        DeadLetter last = dead(TestOrders.order("last"));
        assertEquals(
                StoreFailure.Kind.NOT_STORED,
                failureOf(() -> rig.await(() -> rig.letters().discard(last.id()))));
        assertEquals(List.of(last), listed());
    }

    @Test
    void aCommitResolvesTheDeadLetterOfItsContentAlone() {
        Order order = TestOrders.order("k", 1);
        DeadLetter same = dead(order);
        DeadLetter other = dead(TestOrders.order("k", 2));
        resolve(TestOrders.order("unrelated"));
        assertEquals(2, listed().size());
        resolve(TestOrders.order("k", 1));
        assertEquals(List.of(other), listed());
        assertEquals(List.of(other), ofOrder(order));

        DeadLetter again = dead(TestOrders.order("k", 1));
        assertEquals(same.id(), again.id());
        rig.await(() -> rig.letters().discard(again.id()));
        resolve(order);
        assertTrue(rig.await(() -> rig.letters().get(again.id())).orElseThrow().discarded(), "tombstones stay");
    }

    private void resolve(Order... committed) {
        rig.await(() -> rig.letters().resolve(List.of(committed)));
    }

    @Test
    void anEntryGoesToOneReader() {
        offer(TestOrders.many("k", 4));
        List<Delivery> two = readAll("a", 2);
        List<Delivery> others = readAll("b", 2);
        Set<UUID> ids = new HashSet<>();
        two.forEach(one -> ids.add(one.id()));
        others.forEach(one -> ids.add(one.id()));
        assertEquals(4, ids.size());
    }

    @Test
    void whatADeadReaderHeldGoesToAnother() {
        Order order = TestOrders.order("k");
        offer(order);
        assertEquals(1, readOne("a").deliveries());
        Delivery claimed = readOne("b");
        assertEquals(order, claimed.order());
        assertEquals(2, claimed.deliveries());
        settle("b", Settlement.done(claimed));
        assertEquals(new OverflowState(0, 0, 0), look());
    }

    @Test
    void afterAReconnectAReaderBeginsWithWhatItHeld() {
        TestOrders.many("k", 3).forEach(this::offer);
        List<Delivery> held = readAll("a", 2);
        settle("a", Settlement.done(held.get(0)));
        rig.reconnect();
        Delivery again = readOne("a");
        assertEquals(held.get(1).order(), again.order());
        assertEquals(2, again.deliveries());
        assertEquals(1, readOne("a").deliveries(), "then what is new");
    }

    @Test
    void whatIsLeftOfOrdersQueuedTogetherComesAgain() {
        List<Order> orders = TestOrders.many("k", 5);
        offer(orders);
        List<Delivery> held = readAll("a", 5);
        settle("a", Settlement.done(held.get(0)), Settlement.dead(held.get(1), "no"));
        settle("a", Settlement.done(held.get(2)), Settlement.done(held.get(2)));
        rig.reconnect();
        List<Delivery> rest = readAll("a", 2);
        assertEquals(
                Set.of(held.get(3).order(), held.get(4).order()),
                rest.stream().map(Delivery::order).collect(Collectors.toSet()));
        settle("a", Settlement.done(held.get(3)), Settlement.done(rest.get(0)));
        settle("a", Settlement.done(rest.get(1)));
        rig.reconnect();
        assertEquals(List.of(), read("a", 10), "the entries have left with their last orders");
    }

    @Test
    void aLateSettlementTakesOnlyWhatItWasGiven() {
        Order first = TestOrders.order("k", 1);
        offer(first);
        Delivery slow = readOne("a");
        Delivery claimed = readOne("b");
        settle("b", Settlement.done(claimed));
        Order second = TestOrders.order("k", 2);
        assertEquals(new Queued(second, false), offer(second));

        settle("a", Settlement.done(slow));
        settle("a", Settlement.dead(slow, "no"));
        assertEquals(Map.of(second.id(), second), find(second), "acknowledged since");
        assertEquals(List.of(), listed());
        assertEquals(second, readOne("b").order());
    }

    @Test
    void aRepetitionInTheStreamHoldsNothing() {
        Order order = TestOrders.order("k");
        offer(order);
        Delivery first = readOne("a");
        settle("a", Settlement.done(first));
        offer(order);
        Delivery second = readOne("a");
        assertEquals(order, second.order());
        settle("a", Settlement.done(second), Settlement.done(first));
        assertEquals(new OverflowState(0, 0, 0), look());
    }

    @Test
    void anOfferThatIsNotAnsweredIsUnknownAtTheDeadline() {
        Order order = TestOrders.order("k");
        rig.stall();
        List<Outcome> outcomes = rig.await(() -> rig.overflow().offer(List.of(order), rig.in(200)));
        assertInstanceOf(Unknown.class, outcomes.get(0));
        rig.resume();
        Outcome retried = offer(order);
        assertEquals(order, assertInstanceOf(Queued.class, retried).entry());
        assertEquals(1, drain("a"));
    }

    @Test
    void whatCannotBeReachedStoresNothing() {
        assertTrue(rig.overflow().isUp());
        rig.reader("a");
        rig.letters();
        rig.down();
        assertFalse(rig.overflow().isUp());
        assertFalse(rig.reader("a").isUp());
        Order order = TestOrders.order("k");
        assertInstanceOf(NotStored.class, offer(order));
        assertEquals(StoreFailure.Kind.NOT_STORED, failureOf(() -> find(order)));
        assertEquals(StoreFailure.Kind.NOT_STORED, failureOf(() -> read("a", 1)));
        assertEquals(StoreFailure.Kind.NOT_STORED, failureOf(this::listed));
    }
}
