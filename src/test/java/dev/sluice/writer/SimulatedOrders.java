package dev.sluice.writer;

import dev.sluice.order.Order;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A stock of orders to send: few keys, so that they meet; several contents a key; some without a key, some poison. */
final class SimulatedOrders {

    private static final int KEYS = 40;
    private static final int CONTENTS = 3;
    private static final int POISON_QUANTITY = 666;

    private final List<Order> keyed = new ArrayList<>();

    SimulatedOrders() {
        for (int key = 0; key < KEYS; key++) {
            for (int content = 0; content < CONTENTS; content++) {
                keyed.add(TestOrders.order("k" + key, 1 + content));
                keyed.add(TestOrders.order("k" + key, 1 + content, "12.5"));
            }
        }
        for (int key = 0; key < KEYS / 10; key++) {
            keyed.add(TestOrders.order("poison" + key, POISON_QUANTITY));
            keyed.add(TestOrders.order("k" + key, POISON_QUANTITY));
        }
    }

    Order any(Random random) {
        return random.nextInt(10) == 0
                ? TestOrders.order(null, 1 + random.nextInt(3))
                : keyed.get(random.nextInt(keyed.size()));
    }

    static boolean isPoison(Order order) {
        return order.itemsJson().contains("\"quantity\":" + POISON_QUANTITY + ",");
    }
}
