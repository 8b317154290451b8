package dev.sluice.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How many bulk orders may be outstanding. */
class BulkWindowTest {

    private static final long TIMELY = 100;
    private final BulkWindow window = new BulkWindow(1_000, TIMELY);

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
        assertTrue(window.turnGoesOn(999_999, false));
        assertFalse(window.turnGoesOn(1_000_000, false));
        assertTrue(window.turnGoesOn(199_999, true));
        assertFalse(window.turnGoesOn(200_000, true));
    }

    @Test
    void itBeginsWithAQuarterOfItsBoundAndATurnTakesWhatItHasLeft() {
        assertEquals(250, window.size());
        send(249);
        assertEquals(1, window.turnOrders());
        send(1);
        assertEquals(0, window.turnOrders());
        settle(1, TIMELY, false);
        assertEquals(1, window.turnOrders());
    }

    @Test
    void aWindowOfTimelyAnswersWidensItByAQuarterUpToItsBound() {
        send(250);
        for (int i = 0; i < 249; i++) {
            turnOver();
        }
        assertEquals(250, window.size());
        turnOver();
        assertEquals(312, window.size());
        send(900);
        for (int i = 0; i < 10_000; i++) {
            turnOver();
        }
        assertEquals(1_000, window.size());
    }

    /** One is settled in time and another one sent. */
    private void turnOver() {
        settle(1, TIMELY, false);
        send(1);
    }

    @Test
    void answersOfAWindowThatIsHardlyUsedWidenNothing() {
        send(100);
        for (int i = 0; i < 1_000; i++) {
            turnOver();
        }
        assertEquals(250, window.size());
    }

    @Test
    void aLateAnswerHalvesItOnceForAllThatWereOutstanding() {
        send(250);
        settle(1, TIMELY + 1, false);
        assertEquals(125, window.size());
        send(1);
        settle(249, TIMELY + 1, false);
        assertEquals(125, window.size());
        send(1);
        settle(1, TIMELY + 1, false);
        assertEquals(64, window.size(), "its minimum");
    }

    @Test
    void aRefusedOrderHalvesItTooButNeverBelowItsMinimum() {
        for (int i = 0; i < 20; i++) {
            send(1);
            settle(1, 1, true);
        }
        assertEquals(64, window.size());
    }

    @Test
    void aBoundBelowTheMinimumHolds() {
        assertEquals(10, new BulkWindow(10, TIMELY).size());
    }

    @Test
    void afterARestItBeginsAnew() {
        send(250);
        for (int i = 0; i < 250; i++) {
            turnOver();
        }
        assertEquals(312, window.size());
        settle(250, TIMELY, false);
        assertEquals(250, window.size());
        assertEquals(0, window.outstanding());
    }
}
