package dev.sluice.writer;

/**
 * Limits of one writer.
 *
 * @param batchMax orders in a batch
 * @param batchBytesMax weight of a batch
 * @param inFlightMax batches sent and not settled
 * @param fillMin orders that justify a further batch beside one in flight
 * @param bufferMax orders waiting
 * @param bufferBytesMax weight of the orders waiting
 * @param deadlineMs from an order's arrival to its outcome: waiting, insert and bisection
 * @param waitMaxMs part of it that an order may wait unsent; then it is refused, and the rest is left to the store
 */
public record WriterOptions(
        int batchMax,
        long batchBytesMax,
        int inFlightMax,
        int fillMin,
        int bufferMax,
        long bufferBytesMax,
        long deadlineMs,
        long waitMaxMs) {}
