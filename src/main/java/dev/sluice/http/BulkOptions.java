package dev.sluice.http;

import dev.sluice.batch.BulkWindow;
import java.util.concurrent.TimeUnit;

/**
 * What a bulk request may be, and how much of the node bulk requests may take.
 *
 * @param ordersMax of one request
 * @param bytesMax of one body
 * @param faultBytesMax of the lists of faults in one response
 * @param heldBytesMax bodies and results of all bulk requests on this node; checked by each instance without a lock,
 *     so that it may be passed by one piece an instance
 * @param window orders outstanding and handled in a turn, of one intake instance
 * @param deadlineMs from a request's head to its answer
 * @param windDownMs before the deadline, in which no more orders are sent, so that those sent are heard of
 */
public record BulkOptions(
        int ordersMax,
        int bytesMax,
        long faultBytesMax,
        long heldBytesMax,
        BulkWindow.Limits window,
        long deadlineMs,
        long windDownMs) {

    private static final int MEBIBYTE = 1 << 20;

    private static final int ORDERS_MAX = 10_000;
    private static final int BYTES_MAX = 8 * MEBIBYTE;
    private static final long FAULT_BYTES_MAX = 4L * MEBIBYTE;
    private static final long HELD_BYTES_MAX = 128L * MEBIBYTE;

    private static final int OUTSTANDING_MIN = 64;
    private static final int TURN_ORDERS_MAX = 200;
    private static final long TURN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WIND_DOWN_PARTS = 10;

    /**
     * The limits that the API promises.
     *
     * @param outstandingMax orders sent and not answered, of one intake instance
     * @param timelyMs from sending to outcome, beyond which the writers have more than they need
     * @param deadlineMs of a request
     */
    public static BulkOptions of(int outstandingMax, long timelyMs, long deadlineMs) {
        BulkWindow.Limits window = new BulkWindow.Limits(
                Math.min(OUTSTANDING_MIN, outstandingMax),
                outstandingMax,
                TURN_ORDERS_MAX,
                TURN_NANOS_MAX,
                TimeUnit.MILLISECONDS.toNanos(timelyMs));
        return new BulkOptions(
                ORDERS_MAX,
                BYTES_MAX,
                FAULT_BYTES_MAX,
                HELD_BYTES_MAX,
                window,
                deadlineMs,
                deadlineMs / WIND_DOWN_PARTS);
    }
}
