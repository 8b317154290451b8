package dev.sluice.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.Refused;
import dev.sluice.order.Outcome.Replayed;
import dev.sluice.order.StoredOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link OrderStore} promises; run against the fake and against PostgreSQL. */
public abstract class OrderStoreContract {

    /** A store, called as its owner calls it, with every answer awaited. */
    public interface Rig extends AutoCloseable {

        boolean isUp();

        /** Sorted as the port asks. Failures are thrown as they come. */
        List<Outcome> insert(List<Order> sorted, long deadlineMs) throws Exception;

        Optional<StoredOrder> find(String account, UUID id, long deadlineMs) throws Exception;

        /** From now on it inserts no row of that customer, and reports no error. */
        void drop(String customerId) throws Exception;

        /** From now on it takes what it is sent and does not answer, until {@link #resume()}. */
        void stall() throws Exception;

        void resume() throws Exception;

        void closeStore() throws Exception;

        @Override
        void close();
    }

    protected static final long AMPLE_MS = 10_000;

    private Rig rig;

    /** On an empty store that is up. */
    protected abstract Rig open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        rig = open();
    }

    @AfterEach
    void closeStore() throws Exception {
        rig.close();
    }

    private List<Outcome> insert(Order... orders) throws Exception {
        return rig.insert(TestOrders.sorted(orders), AMPLE_MS);
    }

    private Outcome insertOne(Order order) throws Exception {
        return insert(order).get(0);
    }

    private StoredOrder found(Order order) throws Exception {
        return rig.find(order.account(), order.id(), AMPLE_MS).orElseThrow();
    }

    @Test
    void newOrdersAreCommittedAndFoundAsTheyWere() throws Exception {
        List<Order> orders = TestOrders.many("k", 3);
        List<Outcome> outcomes = rig.insert(orders, AMPLE_MS);
        for (int i = 0; i < 3; i++) {
            long at = assertInstanceOf(Committed.class, outcomes.get(i)).committedAtMicros();
            assertEquals(new StoredOrder(orders.get(i), at), found(orders.get(i)));
        }
    }

    @Test
    void theSameContentIsAnsweredWithTheOriginal() throws Exception {
        Order first = TestOrders.order("k", 2, "12.50");
        Order again = TestOrders.order("k", 2, "12.5");
        assertNotEquals(first.acceptedAtMicros(), again.acceptedAtMicros());
        long at = assertInstanceOf(Committed.class, insertOne(first)).committedAtMicros();
        assertEquals(new Replayed(new StoredOrder(first, at)), insertOne(again));
        assertEquals(new StoredOrder(first, at), found(first));
    }

    @Test
    void otherContentUnderAKeyIsAConflictAndStoredNowhere() throws Exception {
        Order first = TestOrders.order("k", 1);
        insertOne(first);
        assertEquals(new Conflict(), insertOne(TestOrders.order("k", 2)));
        assertEquals(first, found(first).order());
    }

    @Test
    void absentAttributesDifferFromEmptyOnes() throws Exception {
        Order absent = TestOrders.order("k");
        String document = TestOrders.document("k", 1, "12.50");
        Order empty = TestOrders.parse(document.substring(0, document.length() - 1) + ",\"attributes\":{}}");
        insertOne(absent);
        assertEquals(new Conflict(), insertOne(empty));
    }

    @Test
    void aMixedBatchGivesEachOrderItsOwnOutcomeInItsPlace() throws Exception {
        List<Order> stored = TestOrders.many("old", 20);
        rig.insert(stored, AMPLE_MS);
        List<Order> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(TestOrders.order("new" + i));
            batch.add(TestOrders.order("old" + i, i % 2 == 0 ? 1 : 9));
        }
        List<Order> sorted = TestOrders.sorted(batch);
        List<Outcome> outcomes = rig.insert(sorted, AMPLE_MS);
        assertEquals(sorted.size(), outcomes.size());
        for (int i = 0; i < sorted.size(); i++) {
            Order order = sorted.get(i);
            Class<?> expected = order.clientOrderId().startsWith("new")
                    ? Committed.class
                    : order.itemsJson().contains(":9,") ? Conflict.class : Replayed.class;
            assertInstanceOf(expected, outcomes.get(i), order.clientOrderId());
            if (outcomes.get(i) instanceof Replayed replayed) {
                assertEquals(order.id(), replayed.original().id());
            }
        }
    }

    @Test
    void whatWasNotSentStaysAbsent() throws Exception {
        Order keyless = TestOrders.order(null);
        Order other = TestOrders.order(null);
        assertEquals(2, insert(keyless, other).size());
        assertNull(found(keyless).order().clientOrderId());
        assertNull(found(keyless).order().attributesJson());
        assertEquals(keyless, found(keyless).order());
        assertEquals(other, found(other).order());
    }

    @Test
    void textIsKeptCodePointByCodePoint() throws Exception {
        Order order =
                TestOrders.parse("{\"clientOrderId\":\"{a,\\\"b\\\\}!~\",\"customerId\":\"Zoë 😀 \\\"{,}\\\\ NULL\","
                        + "\"currency\":\"EUR\",\"items\":[{\"sku\":\"ß\\u0301€'--\",\"quantity\":1,\"unitPrice\":1}],"
                        + "\"attributes\":{\"😀\":\"\\u007f\\u2028\\n\",\"a\":[1.50,-0.0,1e40,true],\"é\":\"NULL\"}}");
        insertOne(order);
        assertEquals(order, found(order).order());
    }

    @Test
    void totalsPass64BitsAndKeepTheirScale() throws Exception {
        Order large = TestOrders.parse("{\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":["
                + "{\"sku\":\"A\",\"quantity\":1000000,\"unitPrice\":\"9999999999.9999\"},".repeat(99)
                + "{\"sku\":\"A\",\"quantity\":1000000,\"unitPrice\":\"9999999999.9999\"}]}");
        Order scaled = TestOrders.order("scaled", 2, "12.5000");
        Order zero = TestOrders.order("zero", 1, "0.00");
        insert(large, scaled, zero);
        assertEquals("999999999999990000.0000", found(large).order().total());
        assertEquals("25.0000", found(scaled).order().total());
        assertEquals("0.00", found(zero).order().total());
    }

    @Test
    void anAccountSeesItsOwnOrdersOnly() throws Exception {
        Order order = TestOrders.parse(TestOrders.document("k", 1, "1"), "shop-1");
        Order sameKey = TestOrders.parse(TestOrders.document("k", 2, "1"), "shop-2");
        insert(order, sameKey);
        assertEquals(order, found(order).order());
        assertEquals(sameKey, found(sameKey).order());
        assertEquals(Optional.empty(), rig.find("shop-2", order.id(), AMPLE_MS));
        assertEquals(Optional.empty(), rig.find("shop-1", new UUID(1, 2), AMPLE_MS));
    }

    private static Order orderOf(String customerId, String key, int quantity) {
        return TestOrders.parse(TestOrders.document(key, quantity, "1")
                .replaceFirst("\"customerId\":\"[^\"]*\"", "\"customerId\":\"" + customerId + "\""));
    }

    @Test
    void anOrderThatIsSilentlyNotInsertedIsRefusedAndItsNeighboursCommit() throws Exception {
        rig.drop("blocked");
        List<Order> batch = new ArrayList<>(TestOrders.many("k", 10));
        for (int i = 0; i < 5; i++) {
            batch.add(orderOf("blocked", "blocked" + i, 1));
        }
        List<Order> sorted = TestOrders.sorted(batch);
        List<Outcome> outcomes = rig.insert(sorted, AMPLE_MS);
        for (int i = 0; i < sorted.size(); i++) {
            boolean blocked = sorted.get(i).customerId().equals("blocked");
            assertEquals(
                    blocked ? Refused.class : Committed.class, outcomes.get(i).getClass());
            assertEquals(
                    !blocked, rig.find("default", sorted.get(i).id(), AMPLE_MS).isPresent());
        }
    }

    @Test
    void anOrderThatIsSilentlyNotInsertedIsRefusedAgainWhateverItsContent() throws Exception {
        rig.drop("blocked");
        assertInstanceOf(Refused.class, insertOne(orderOf("blocked", "k", 1)));
        assertInstanceOf(Refused.class, insertOne(orderOf("blocked", "k", 1)));
        assertInstanceOf(Refused.class, insertOne(orderOf("blocked", "k", 2)));
        assertInstanceOf(Committed.class, insertOne(orderOf("welcome", "k", 3)));
        assertInstanceOf(Conflict.class, insertOne(orderOf("blocked", "k", 1)));
    }

    @Test
    void anOrderThatWasStoredBeforeItsKindWasDroppedIsAReplay() throws Exception {
        Order order = orderOf("blocked", "k", 1);
        insertOne(order);
        rig.drop("blocked");
        assertInstanceOf(Replayed.class, insertOne(orderOf("blocked", "k", 1)));
        assertInstanceOf(Conflict.class, insertOne(orderOf("blocked", "k", 2)));
    }

    @Test
    void whatIsNotAnsweredByTheDeadlineIsUnknown() throws Exception {
        insertOne(TestOrders.order("before"));
        rig.stall();
        assertEquals(StoreFailure.Kind.UNKNOWN, failure(() -> rig.insert(TestOrders.many("k", 2), 200)));
        rig.resume();
        assertTrue(rig.isUp());
        insertOne(TestOrders.order("after"));
    }

    @Test
    void aLookUpThatIsNotAnsweredByTheDeadlineFails() throws Exception {
        Order order = TestOrders.order("k");
        insertOne(order);
        rig.stall();
        failure(() -> rig.find("default", order.id(), 200));
        rig.resume();
        assertEquals(order, found(order).order());
    }

    @Test
    void aClosedStoreIsNotUpAndStoresNothing() throws Exception {
        assertTrue(rig.isUp());
        rig.closeStore();
        assertFalse(rig.isUp());
        assertEquals(StoreFailure.Kind.NOT_STORED, failure(() -> insertOne(TestOrders.order("k"))));
    }

    private interface Call {
        Object call() throws Exception;
    }

    /** The call must fail, and with nothing but a {@link StoreFailure}. */
    private static StoreFailure.Kind failure(Call call) throws Exception {
        try {
            Object answer = call.call();
            throw new AssertionError("answered " + answer);
        } catch (StoreFailure e) {
            return e.kind();
        }
    }
}
