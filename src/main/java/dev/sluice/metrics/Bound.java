package dev.sluice.metrics;

/** A bound that was met and refused something: label {@code bound} of {@code sluice_refused_total}. */
public enum Bound {
    /** Connections of one intake instance; a connection is refused. */
    HTTP_CONNECTIONS,
    /** Time of a request's head: 408. */
    HTTP_HEAD,
    /** Bytes of one request body: 413. */
    BODY_BYTES,
    /** Bytes of all bodies that one intake instance is receiving. */
    BODY_BUFFER,
    /** Orders of one bulk request: 413. */
    BULK_ORDERS,
    /** Bytes that bulk requests hold on this node; the request is refused. */
    BULK_BYTES,
    /** Orders that one dispatcher waits for. */
    BUS_OUTSTANDING,
    /** Orders in one writer's buffer. */
    WRITER_BUFFER,
    /** Bytes in one writer's buffer. */
    WRITER_BUFFER_BYTES,
    /** Time of a batch at the store, waiting and bisection included. */
    STORE_DEADLINE,
    /** Orders or bytes that one writer holds for the overflow. */
    WRITER_OVERFLOW,
    /** Time of an order on its way into the overflow. */
    OVERFLOW_DEADLINE,
    /** Time of a message on the event bus. */
    BUS_DEADLINE,
    /** Time of a request. */
    HTTP_DEADLINE
}
