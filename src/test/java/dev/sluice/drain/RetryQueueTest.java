package dev.sluice.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.drain.RetryQueue.Fate;
import dev.sluice.drain.RetryQueue.Piece;
import dev.sluice.drain.RetryQueue.QueuedEntry;
import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryQueueTest {

    private static final int ALONE_MAX = 4;
    private static final long LATER = TimeUnit.SECONDS.toNanos(10);

    private final RetryQueue retries = new RetryQueue(ALONE_MAX);
    private long now = Long.MAX_VALUE - LATER / 2; // it wraps on the way
    private int read;

    private List<QueuedEntry> read(int count) {
        List<QueuedEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Order order = TestOrders.order("k" + read);
            entries.add(new QueuedEntry(new Delivery(0, read++ + "-0", order.id(), order, 1), order));
        }
        retries.add(entries.stream().map(QueuedEntry::delivery).toList(), now);
        return entries;
    }

    private Piece next() {
        return retries.next(now, false).orElseThrow();
    }

    private Fate fail(Piece piece) {
        return retries.failed(piece, true, now);
    }

    @Test
    void theThirdFailureHalvesAndEachOneAfterIt() {
        List<QueuedEntry> entries = read(4);
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
        for (int i = 1; i < RetryQueue.ALONE_FAILURES_MAX; i++) {
            retries.committed(1);
            assertEquals(Fate.ALONE, fail(next()), "failure " + i);
            assertFalse(retries.hasDue(now));
            now += LATER;
            assertTrue(retries.hasDue(now));
        }
        Piece piece = next();
        assertEquals(Fate.WAITS, fail(piece), "nothing committed meanwhile");
        now += LATER;
        retries.committed(1);
        assertEquals(Fate.GIVEN_UP, fail(next()));
        assertTrue(retries.next(now + LATER, false).isEmpty());
    }

    @Test
    void entriesThatFailAloneTakeTurnsWithReads() {
        read(2);
        for (int i = 0; i < 3; i++) {
            fail(next());
        }
        retries.committed(1);
        fail(next());
        fail(next());
        now += LATER;
        assertTrue(retries.next(now, true).isPresent());
        assertTrue(retries.next(now, true).isEmpty(), "a read comes in between");
        assertTrue(retries.next(now, true).isPresent());
    }

    @Test
    void roomEndsAtItsBounds() {
        for (int i = 1; i <= 2 * ALONE_MAX; i++) {
            assertEquals(i <= ALONE_MAX ? 100 : 0, retries.room(100, now), "before entry " + i);
            assertEquals(i <= ALONE_MAX ? 100 : RetryQueue.SMALL_READ_ORDERS, roomLater(), "before entry " + i);
            read(1);
            fail(next());
        }
        assertEquals(0, roomLater());
        now += LATER;
        next();
        assertEquals(RetryQueue.SMALL_READ_ORDERS, roomLater());
    }

    private int roomLater() {
        return retries.room(100, now + RetryQueue.SMALL_READ_NANOS);
    }

    @Test
    void whatIsReleasedIsNotInIt() {
        Delivery delivery = read(1).get(0).delivery();
        assertTrue(retries.contains(delivery));
        assertEquals(1, retries.size());
        retries.release(List.of(Settlement.done(delivery)));
        assertFalse(retries.contains(delivery));
        assertEquals(0, retries.size());
    }
}
