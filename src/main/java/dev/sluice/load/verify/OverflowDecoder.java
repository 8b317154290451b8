package dev.sluice.load.verify;

import dev.sluice.order.Order;

/** Reads the binary form in which the overflow keeps orders. A {@link RuntimeException} where it is none. */
public interface OverflowDecoder {

    /** A value of {@code sluice:{p}:orders}. */
    Order queued(byte[] value);

    /** The order in a value of {@code sluice:{p}:dead} or {@code sluice:{p}:tombstones}. */
    Order dead(byte[] value);
}
