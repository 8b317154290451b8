package dev.sluice.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.batch.BatchBuffer.Offer;
import dev.sluice.order.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two priorities in one buffer: bounds over both, shares of a batch, order within each. */
class BatchBufferTest {

    private record Waiting(Priority priority, int weightBytes, long arrivedNanos, int number)
            implements BatchBuffer.Entry {}

    private static final long NO_BYTE_BOUND = Long.MAX_VALUE / 2;

    private int numbers;

    private Waiting entry(Priority priority) {
        return entry(priority, 1);
    }

    private Waiting entry(Priority priority, int weightBytes) {
        return new Waiting(priority, weightBytes, numbers, numbers++);
    }

    private BatchBuffer<Waiting> filled(int live, int bulk) {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(10_000, NO_BYTE_BOUND);
        IntStream.range(0, bulk).forEach(i -> assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.BULK))));
        IntStream.range(0, live).forEach(i -> assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.LIVE))));
        return buffer;
    }

    private static long of(Priority priority, List<Waiting> taken) {
        return taken.stream().filter(entry -> entry.priority() == priority).count();
    }

    @Test
    void bulkIsBoundedWhereALiveOrderMayComeNext() {
        assertEquals(63, of(Priority.BULK, filled(1, 63).take(512, NO_BYTE_BOUND, 64)));
        assertEquals(64, of(Priority.BULK, filled(1, 64).take(512, NO_BYTE_BOUND, 64)));
        assertEquals(64, of(Priority.BULK, filled(1, 65).take(512, NO_BYTE_BOUND, 64)));
        assertEquals(64, of(Priority.BULK, filled(0, 1_000).take(512, NO_BYTE_BOUND, 64)));
    }

    @Test
    void bulkKeepsItsQuarterOfABatchThatIsLongAnyway() {
        List<Waiting> batch = filled(1_000, 1_000).take(512, NO_BYTE_BOUND, 64);
        assertEquals(384, of(Priority.LIVE, batch));
        assertEquals(128, of(Priority.BULK, batch));
    }

    @Test
    void liveGoesFirstAndBulkKeepsAQuarter() {
        List<Waiting> batch = filled(1_000, 1_000).take(512, NO_BYTE_BOUND);
        assertEquals(384, of(Priority.LIVE, batch));
        assertEquals(128, of(Priority.BULK, batch));
        assertTrue(batch.subList(0, 384).stream().allMatch(entry -> entry.priority() == Priority.LIVE));
    }

    @Test
    void whatOnePriorityDoesNotUseTheOtherGets() {
        assertEquals(502, of(Priority.BULK, filled(10, 1_000).take(512, NO_BYTE_BOUND)));
        assertEquals(502, of(Priority.LIVE, filled(1_000, 10).take(512, NO_BYTE_BOUND)));
        assertEquals(512, filled(0, 1_000).take(512, NO_BYTE_BOUND).size());
        assertEquals(512, filled(1_000, 0).take(512, NO_BYTE_BOUND).size());
        assertEquals(7, filled(3, 4).take(512, NO_BYTE_BOUND).size());
    }

    @Test
    void batchesTooSmallToDivideServeBothPrioritiesInTurn() {
        for (int batchMax = 1; batchMax < 8; batchMax++) {
            BatchBuffer<Waiting> buffer = filled(1_000, 1_000);
            long bulk = 0;
            for (int i = 0; i < 100; i++) {
                List<Waiting> batch = buffer.take(batchMax, NO_BYTE_BOUND);
                assertEquals(batchMax, batch.size());
                bulk += of(Priority.BULK, batch);
            }
            assertEquals(batchMax * 25L, bulk, "bulk orders in 100 batches of " + batchMax);
        }
    }

    @Test
    void theShareHoldsForBytesToo() {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(10_000, NO_BYTE_BOUND);
        for (int i = 0; i < 100; i++) {
            buffer.offer(entry(Priority.LIVE, 10));
            buffer.offer(entry(Priority.BULK, 10));
        }
        List<Waiting> batch = buffer.take(512, 400);
        assertEquals(30, of(Priority.LIVE, batch));
        assertEquals(10, of(Priority.BULK, batch));
        assertEquals(1_600, buffer.bytes());
    }

    @Test
    void oneEntryOfAPriorityAlwaysFits() {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(10, NO_BYTE_BOUND);
        buffer.offer(entry(Priority.LIVE, 1_000));
        buffer.offer(entry(Priority.LIVE, 1));
        buffer.offer(entry(Priority.BULK, 1_000));
        buffer.offer(entry(Priority.BULK, 1));
        List<Waiting> batch = buffer.take(10, 100);
        assertEquals(1, of(Priority.LIVE, batch));
        assertEquals(1, of(Priority.BULK, batch));
        assertEquals(2, buffer.bytes());
    }

    @Test
    void bulkFillsAtMostHalfAndLiveTheRest() {
        BatchBuffer<Waiting> buffer = filledTo(Priority.BULK, 5);
        assertEquals(Offer.FULL_ORDERS, buffer.offer(entry(Priority.BULK)));
        for (int i = 0; i < 5; i++) {
            assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.LIVE)));
        }
        assertEquals(Offer.FULL_ORDERS, buffer.offer(entry(Priority.LIVE)));
        assertEquals(10, filledTo(Priority.LIVE, 10).size());
    }

    private BatchBuffer<Waiting> filledTo(Priority priority, int orders) {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(10, 100);
        IntStream.range(0, orders).forEach(i -> assertEquals(Offer.TAKEN, buffer.offer(entry(priority))));
        return buffer;
    }

    @Test
    void bytesAreBoundedOverAllPrioritiesAndHalfOfThemForBulk() {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(10, 100);
        assertEquals(Offer.FULL_BYTES, buffer.offer(entry(Priority.BULK, 51)));
        assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.BULK, 49)));
        assertEquals(Offer.FULL_BYTES, buffer.offer(entry(Priority.BULK, 2)));
        assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.BULK, 1)));
        assertEquals(Offer.FULL_BYTES, buffer.offer(entry(Priority.LIVE, 51)));
        assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.LIVE, 50)));
        assertEquals(100, buffer.bytes());
    }

    @Test
    void aTinyBufferStillTakesABulkOrder() {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(1, 100);
        assertEquals(Offer.TAKEN, buffer.offer(entry(Priority.BULK)));
        assertEquals(Offer.FULL_ORDERS, buffer.offer(entry(Priority.LIVE)));
    }

    @Test
    void whatWaitedTooLongGoesFromBothPriorities() {
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(10, 100);
        buffer.offer(entry(Priority.BULK));
        buffer.offer(entry(Priority.LIVE));
        buffer.offer(entry(Priority.BULK));
        buffer.offer(entry(Priority.LIVE));
        List<Waiting> expired = buffer.expire(2);
        assertEquals(1, of(Priority.LIVE, expired));
        assertEquals(1, of(Priority.BULK, expired));
        assertEquals(2, buffer.size());
        assertEquals(2, buffer.bytes());
        assertEquals(1, buffer.size(Priority.BULK));
    }

    /** What goes in comes out once, in its order within the priority, and the sums are right throughout. */
    @Test
    void nothingIsLostDoubledOrOvertakenWithinItsPriority() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BatchBuffer<Waiting> buffer = new BatchBuffer<>(200, 2_000);
        Map<Priority, List<Integer>> in =
                new EnumMap<>(Map.of(Priority.LIVE, new ArrayList<>(), Priority.BULK, new ArrayList<>()));
        Map<Priority, List<Integer>> out =
                new EnumMap<>(Map.of(Priority.LIVE, new ArrayList<>(), Priority.BULK, new ArrayList<>()));
        long bytes = 0;
        for (int round = 0; round < 20_000; round++) {
            Waiting next = entry(random.nextBoolean() ? Priority.LIVE : Priority.BULK, 1 + random.nextInt(40));
            if (buffer.offer(next) == Offer.TAKEN) {
                in.get(next.priority()).add(next.number());
                bytes += next.weightBytes();
            }
            if (random.nextInt(50) == 0) {
                List<Waiting> taken = random.nextBoolean()
                        ? buffer.take(1 + random.nextInt(100), 1 + random.nextInt(1_000))
                        : buffer.expire(numbers - 150);
                bytes -= taken.stream().mapToInt(Waiting::weightBytes).sum();
                taken.forEach(entry -> out.get(entry.priority()).add(entry.number()));
            }
            assertEquals(bytes, buffer.bytes(), "seed " + seed);
            assertTrue(bytes <= 2_000 && buffer.size() <= 200, "seed " + seed);
        }
        while (buffer.size() > 0) {
            buffer.take(100, 1_000).forEach(entry -> out.get(entry.priority()).add(entry.number()));
        }
        assertEquals(in, out, "seed " + seed);
    }
}
