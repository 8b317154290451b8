package dev.sluice.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchTest {

    /** An order as it came: equal orders are told apart. */
    private record Entry(int arrival, Order order) {}

    private static Batch<Entry> batch(List<Order> orders) {
        List<Entry> entries = new ArrayList<>();
        orders.forEach(order -> entries.add(new Entry(entries.size(), order)));
        return Batch.of(entries, Entry::order);
    }

    private static List<Integer> arrivals(List<Entry> entries) {
        return entries.stream().map(Entry::arrival).toList();
    }

    @Test
    void leadersAscendById() {
        List<Order> orders = new ArrayList<>(TestOrders.many("k", 50));
        Collections.shuffle(orders, new Random(1));
        Batch<Entry> batch = batch(orders);
        assertEquals(
                TestOrders.sorted(orders),
                batch.leaders().stream().map(Entry::order).toList());
        assertEquals(Collections.nCopies(50, List.of()), batch.followers());
        assertEquals(List.of(), batch.rivals());
    }

    @Test
    void theFirstOfAnIdLeadsAndTheSameContentFollows() {
        Batch<Entry> batch =
                batch(List.of(TestOrders.order("k"), TestOrders.order("k", 1, "12.5"), TestOrders.order("k")));
        assertEquals(List.of(0), arrivals(batch.leaders()));
        assertEquals(List.of(1, 2), arrivals(batch.followers().get(0)));
        assertEquals(List.of(), batch.rivals());
    }

    @Test
    void otherContentUnderTheIdIsARivalInTheOrderOfArrival() {
        Batch<Entry> batch = batch(List.of(
                TestOrders.order("k", 1),
                TestOrders.order("k", 2),
                TestOrders.order("k", 1),
                TestOrders.order("k", 3)));
        assertEquals(List.of(0), arrivals(batch.leaders()));
        assertEquals(List.of(2), arrivals(batch.followers().get(0)));
        assertEquals(List.of(1, 3), arrivals(batch.rivals()));
        Batch<Entry> next = Batch.of(batch.rivals(), Entry::order);
        assertEquals(List.of(1), arrivals(next.leaders()));
        assertEquals(List.of(3), arrivals(next.rivals()));
    }

    @Test
    void theSameKeyOfTwoAccountsIsTwoOrders() {
        Batch<Entry> batch = batch(List.of(
                TestOrders.parse(TestOrders.document("k", 1, "1"), "shop-1"),
                TestOrders.parse(TestOrders.document("k", 1, "1"), "shop-2")));
        assertEquals(2, batch.leaders().size());
    }

    @Test
    void nothingIsLostOrDoubledInAnyMixture() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Order> orders = new ArrayList<>();
            for (int i = 1 + random.nextInt(30); i > 0; i--) {
                orders.add(TestOrders.order("k" + random.nextInt(8), 1 + random.nextInt(3)));
            }
            Batch<Entry> batch = batch(orders);
            Set<UUID> ids = new HashSet<>();
            Set<Entry> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int i = 0; i < batch.leaders().size(); i++) {
                Entry leader = batch.leaders().get(i);
                assertTrue(ids.add(leader.order().id()), "an id twice");
                assertTrue(seen.add(leader));
                for (Entry follower : batch.followers().get(i)) {
                    assertTrue(seen.add(follower));
                    assertTrue(leader.arrival() < follower.arrival());
                    assertEquals(leader.order().fingerprint(), follower.order().fingerprint());
                }
            }
            batch.rivals().forEach(rival -> assertTrue(seen.add(rival)));
            assertEquals(orders.size(), seen.size());
        }
    }
}
