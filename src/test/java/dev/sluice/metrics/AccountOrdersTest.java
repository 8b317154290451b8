package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountOrdersTest {

    private final AccountOrders orders = new AccountOrders(true);

    private void count(String account, int times) {
        for (int i = 0; i < times; i++) {
            orders.count(account);
        }
    }

    private long all() {
        return orders.shown().values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void accountsHaveTheirOwnSeriesWhileTheyAreFew() {
        count("a", 3);
        count("b", 1);
        assertEquals(Map.of("a", 3L, "b", 1L, "other", 0L), orders.shown());
    }

    @Test
    void theBusiestAreShownAndTheRestIsOne() {
        for (int i = 0; i < 1_000; i++) {
            count("account-" + i, 1 + i / 10);
        }
        orders.shown();
        for (int i = 0; i < 1_000; i++) {
            count("account-" + i, 1 + i / 10);
        }
        Map<String, Long> shown = orders.shown();
        assertEquals(AccountOrders.SHOWN_MAX + 1, shown.size());
        assertEquals(100, shown.get("account-999"));
        assertFalse(shown.containsKey("account-0"));
    }

    /** Prometheus takes a counter that falls for one that began anew. */
    @Test
    void noSeriesFallsAndNoneIsCountedTwice() {
        for (int i = 0; i < 60; i++) {
            count("account-" + i, 1);
        }
        long other = orders.shown().get("other");
        assertEquals(10, other);
        count("account-59", 5);
        assertEquals(5 + other + 1, orders.shown().get("other"), "one that it takes the place of joins them");
        count("account-59", 7);
        assertEquals(7, orders.shown().get("account-59"));
        assertEquals(72, all());
        assertTrue(orders.shown().get("other") >= other);
    }

    @Test
    void moreAccountsThanAreToldApartAreOthers() {
        for (int i = 0; i < AccountOrders.ACCOUNTS_MAX + 500; i++) {
            orders.count("account-" + i);
        }
        orders.count("other");
        assertEquals(AccountOrders.ACCOUNTS_MAX + 501, all());
        assertEquals(AccountOrders.SHOWN_MAX + 1, orders.shown().size());
    }

    @Test
    void offItCountsNothing() {
        AccountOrders off = new AccountOrders(false);
        off.count("a");
        assertEquals(Map.of("other", 0L), off.shown());
    }
}
