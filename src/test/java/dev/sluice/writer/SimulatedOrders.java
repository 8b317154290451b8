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
    private static final int KEYLESS = 500;
    private static final int POISON_QUANTITY = 666;
    private static final String POISON = "\"quantity\":" + POISON_QUANTITY + ",";

    private final List<Order> keyed = new ArrayList<>();
    private final List<Order> keyless = new ArrayList<>();

    SimulatedOrders() {
        for (int key = 0; key < KEYS; key++) {
            for (int content = 0; content < CONTENTS; content++) {
                keyed.add(TestOrders.order("k" + key, 1 + content));
                keyed.add(TestOrders.order("k" + key, 1 + content, "12.5"));
            }
        }
        for (int i = 0; i < KEYLESS; i++) {
            keyless.add(TestOrders.order(null));
        }
        for (int key = 0; key < KEYS / 10; key++) {
            keyed.add(TestOrders.order("poison" + key, POISON_QUANTITY));
            keyed.add(TestOrders.order("k" + key, POISON_QUANTITY));
        }
    }

    Order any(Random random) {
        List<Order> stock = random.nextInt(10) == 0 ? keyless : keyed;
        return stock.get(random.nextInt(stock.size()));
    }

    static boolean isPoison(Order order) {
        return order.itemsJson().contains(POISON);
    }
}
