package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.drain.RetryQueue.Commits;
import dev.sluice.drain.RetryQueue.Fate;
import dev.sluice.drain.RetryQueue.Held;
import dev.sluice.drain.RetryQueue.Piece;
import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryQueueTest {

    private static final int LONELY_MAX = 4;
    private static final long LATER = TimeUnit.SECONDS.toNanos(10);

    private final RetryQueue held = new RetryQueue(LONELY_MAX);
    private long now = Long.MAX_VALUE - LATER / 2; // it wraps on the way
    private long commits;
    private int read;

    private List<Held> read(int count) {
        List<Held> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Order order = TestOrders.order("k" + read);
            entries.add(new Held(new Delivery(0, read++ + "-0", order.id(), order, 1), order));
        }
        held.add(entries.stream().map(Held::delivery).toList(), new Commits(commits, 0), now);
        return entries;
    }

    private Piece next() {
        return held.next(now, false).orElseThrow();
    }

    private Fate fail(Piece piece) {
        return held.failed(piece, new Commits(commits, 0), now);
    }

    @Test
    void theThirdFailureHalvesAndEachOneAfterIt() {
        List<Held> entries = read(4);
        assertEquals(Fate.WAITS, fail(next()));
        assertEquals(Fate.WAITS, fail(next()));
        assertEquals(Fate.HALVED, fail(next()));
        Piece first = next();
        assertEquals(entries.subList(0, 2), first.entries());
        assertEquals(Fate.HALVED, fail(first));
        assertEquals(entries.subList(0, 1), next().entries());
        assertEquals(entries.subList(1, 2), next().entries());
        assertEquals(entries.subList(2, 4), next().entries());
    }

    @Test
    void theTenthFailureAloneWhileOthersCommitIsOneTooMany() {
        read(1);
        for (int i = 1; i < RetryQueue.LONELY_FAILURES_MAX; i++) {
            commits++;
            assertEquals(Fate.LONELY, fail(next()), "failure " + i);
            assertFalse(held.hasDue(now));
            now += LATER;
            assertTrue(held.hasDue(now));
        }
        Piece piece = next();
        assertEquals(Fate.WAITS, fail(piece), "nothing committed meanwhile");
        now += LATER;
        commits++;
        assertEquals(Fate.GIVEN_UP, fail(next()));
        assertTrue(held.next(now + LATER, false).isEmpty());
    }

    @Test
    void lonelyEntriesTakeTurnsWithReads() {
        read(2);
        for (int i = 0; i < 3; i++) {
            fail(next());
        }
        commits++;
        fail(next());
        fail(next());
        now += LATER;
        assertTrue(held.next(now, true).isPresent());
        assertTrue(held.next(now, true).isEmpty(), "a read comes in between");
        assertTrue(held.next(now, true).isPresent());
    }

    @Test
    void roomEndsAtItsBounds() {
        for (int i = 1; i <= 2 * LONELY_MAX; i++) {
            assertEquals(i <= LONELY_MAX, held.hasRoom(), "before entry " + i);
            assertFalse(held.isFull());
            read(1);
            fail(next());
        }
        assertTrue(held.isFull());
        now += LATER;
        next();
        assertFalse(held.isFull());
    }

    @Test
    void whatIsReleasedIsNotHeld() {
        Delivery delivery = read(1).get(0).delivery();
        assertTrue(held.isHeld(delivery));
        assertEquals(1, held.size());
        held.release(List.of(Settlement.done(delivery)));
        assertFalse(held.isHeld(delivery));
        assertEquals(0, held.size());
    }
}
