package dev.sluice.config;

import dev.sluice.config.value.Instances;

/** The writers: how orders are gathered into transactions, and where gathering ends. */
public record WriterConfig(
        @Key(
                def = "1",
                min = 0,
                max = 256,
                why =
                        "writer verticles; one fills PostgreSQL on most machines; 0 where other nodes of the cluster write")
        Instances instances,

        @Key(def = "512", unit = "orders", min = 1, max = 10_000, why = "most orders in one transaction")
        int batchMax,

        @Key(
                def = "4194304",
                unit = "bytes",
                min = 65_536,
                max = 67_108_864,
                why = "most bytes of orders in one transaction; at least http.bodyBytesMax")
        int batchBytesMax,

        @Key(
                def = "2",
                unit = "batches",
                min = 1,
                max = 64,
                why = "batches committing at once per writer; the next one fills meanwhile")
        int inFlightMax,

        @Key(
                def = "24",
                unit = "orders",
                min = 1,
                max = 10_000,
                why = "orders that justify a further batch beside one in flight; a lone order never waits for others")
        int fillMin,

        @Key(
                def = "20000",
                unit = "orders",
                min = 1,
                max = 1_000_000,
                why = "orders waiting per writer; beyond it they are refused at once")
        int bufferMax,

        @Key(
                def = "67108864",
                unit = "bytes",
                min = 65_536,
                max = 17_179_869_184L,
                why = "bytes of orders waiting per writer; beyond it they are refused at once")
        long bufferBytesMax,

        @Key(
                def = "1000",
                unit = "ms",
                min = 1,
                max = 600_000,
                why = "the store deadline, waiting and bisection included; a batch that passes it loses its connection")
        int deadlineMs) {

    /** An order that waited longer unsent is refused while that is still true: so much of the deadline, in percent. */
    private static final int WAIT_SHARE = 30;

    /** Above the time that a statement gets in the worst case lies the deadline that closes the connection. */
    private static final int STATEMENT_SHARE = 60;

    private static final int LOCK_SHARE = 50;

    /** A bulk order that took longer is a sign to send fewer. */
    private static final int BULK_TIMELY_SHARE = 10;

    /** How long an order may wait unsent; the rest of the store deadline is left to the store. */
    public long waitMaxMs() {
        return shareOfDeadlineMs(WAIT_SHARE);
    }

    /** From sending a bulk order to its outcome; an answer that takes longer shows that the writers have enough. */
    public long bulkTimelyMs() {
        return shareOfDeadlineMs(BULK_TIMELY_SHARE);
    }

    /** PostgreSQL's statement_timeout on every connection: below the store deadline, milliseconds. */
    public long statementTimeoutMs() {
        return shareOfDeadlineMs(STATEMENT_SHARE);
    }

    /** PostgreSQL's lock_timeout on every connection: below the statement timeout, milliseconds. */
    public long lockTimeoutMs() {
        return shareOfDeadlineMs(LOCK_SHARE);
    }

    /** A share of the store deadline, at least 1 ms. */
    public long shareOfDeadlineMs(int percent) {
        return Math.max(1, deadlineMs * (long) percent / 100);
    }
}
