package dev.sluice.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How many bulk orders may be outstanding. */
class BulkWindowTest {

    private static final long TIMELY = 100;
    private final BulkWindow window = new BulkWindow(new BulkWindow.Limits(10, 1_000, 200, 50, TIMELY));

    private void send(int orders) {
        for (int i = 0; i < orders; i++) {
            window.sent();
        }
    }

    private void settle(int orders, long tookNanos, boolean refused) {
        for (int i = 0; i < orders; i++) {
            window.settled(tookNanos, refused);
        }
    }

    @Test
    void aTurnIsBoundedInOrdersAndInTime() {
        assertEquals(200, window.turnOrders());
        assertTrue(window.turnGoesOn(49));
        assertFalse(window.turnGoesOn(50));
    }

    @Test
    void aTurnTakesWhatTheWindowHasLeft() {
        send(999);
        assertEquals(1, window.turnOrders());
        send(1);
        assertEquals(0, window.turnOrders());
        settle(1, TIMELY, false);
        assertEquals(1, window.turnOrders());
    }

    @Test
    void aLateAnswerHalvesItOnceForAllThatWereOutstanding() {
        send(1_000);
        settle(1, TIMELY + 1, false);
        assertEquals(500, window.size());
        settle(999, TIMELY + 1, false);
        assertEquals(500, window.size());
        send(1);
        settle(1, TIMELY + 1, false);
        assertEquals(250, window.size());
    }

    @Test
    void aRefusedOrderHalvesItTooButNeverBelowItsMinimum() {
        for (int i = 0; i < 20; i++) {
            send(1);
            settle(1, 1, true);
        }
        assertEquals(10, window.size());
    }

    @Test
    void aWindowOfTimelyAnswersWidensItByAQuarterUpToItsMaximum() {
        send(1);
        settle(1, TIMELY + 1, false);
        send(500);
        settle(499, TIMELY, false);
        assertEquals(500, window.size());
        settle(1, TIMELY, false);
        assertEquals(625, window.size());
        for (int i = 0; i < 10; i++) {
            send(1_000);
            settle(1_000, TIMELY, false);
        }
        assertEquals(1_000, window.size());
        assertEquals(0, window.outstanding());
    }
}
