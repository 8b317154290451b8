package dev.sluice.writer;

/**
 * Limits of one writer.
 *
 * @param batchMax orders in a batch
 * @param batchBytesMax weight of a batch
 * @param inFlightMax batches sent and not settled
 * @param fillMin orders that justify a further batch beside one in flight
 * @param bufferMax orders waiting; as many again may wait for the overflow
 * @param bufferBytesMax weight of the orders waiting; as much again may wait for the overflow
 * @param deadlineMs from an order's arrival to its outcome at PostgreSQL: waiting, insert and bisection
 * @param waitMaxMs part of it that an order may wait unsent; then it is given up, and the rest is left to the store
 * @param overflowDeadlineMs from handing an order over to the overflow until its outcome
 * @param highMarkOrders orders waiting at which the next one goes to the overflow
 */
public record WriterOptions(
        int batchMax,
        long batchBytesMax,
        int inFlightMax,
        int fillMin,
        int bufferMax,
        long bufferBytesMax,
        long deadlineMs,
        long waitMaxMs,
        long overflowDeadlineMs,
        int highMarkOrders) {

    private static final long OVERFLOW_DEADLINE_MS = 800;

    /** Of a writer whose overflow takes what finds the buffer full. */
    public WriterOptions(
            int batchMax,
            long batchBytesMax,
            int inFlightMax,
            int fillMin,
            int bufferMax,
            long bufferBytesMax,
            long deadlineMs,
            long waitMaxMs) {
        this(
                batchMax,
                batchBytesMax,
                inFlightMax,
                fillMin,
                bufferMax,
                bufferBytesMax,
                deadlineMs,
                waitMaxMs,
                OVERFLOW_DEADLINE_MS,
                bufferMax);
    }
}
