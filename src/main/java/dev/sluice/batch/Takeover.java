package dev.sluice.batch;

import java.util.concurrent.TimeUnit;

/**
 * Who gets the next orders of one writer, PostgreSQL or the overflow. Asked only while the overflow takes any.
 *
 * <pre>
 *             buffer at the high mark, or
 *             an order waited too long
 *    NORMAL ─────────────────────────────▶ SPILLING
 *     │  ▲ ◀───────────────────────────────  │
 *     │  │   buffer at half, and a batch     │ a batch failed or passed its deadline, or
 *     │  │   committed meanwhile             │ PostgreSQL is away for longer than the grace
 *     │  │                                   ▼
 *     │  │                              OVERFLOWING ◀────────┐
 *     │  │                                   │               │ the probe fails: the pause doubles,
 *     │  │        connected, nothing out,    │               │ 50 ms to 500 ms
 *     │  │        the pause over: one batch  ▼               │
 *     │  └────── it commits ───────────── PROBING ───────────┘
 *     └─────────────────────────────────▶ OVERFLOWING, as from SPILLING
 * </pre>
 *
 * While overflowing, one batch at a time is let through, and only its commit brings PostgreSQL back. Where no order came
 * while it was away, as at the start of a node, there is no probe: its connection is enough. Not thread safe: owned by one
 * writer; time comes in as an argument.
 */
public final class Takeover {

    /** Who gets what. */
    public enum State {
        /** PostgreSQL gets all. */
        NORMAL,
        /** PostgreSQL works and has more than it can do: it gets what is buffered, the overflow gets what comes. */
        SPILLING,
        /** PostgreSQL is away or failed: the overflow gets all. */
        OVERFLOWING,
        /** As overflowing, while one batch tries PostgreSQL. */
        PROBING
    }

    /** From a failure to the first probe. While probes fail, the pause doubles up to the second one. */
    static final long PROBE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    static final long PROBE_PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

    /** A third of the time that an order may wait: the rest is for the look into the overflow and the hand-over. */
    private static final int GRACE_PARTS = 3;

    private final int highMarkOrders;
    private final long graceNanos;
    private State state = State.NORMAL;
    private boolean storeUp = true;
    private long downSinceNanos;

    /** When the trouble was last seen. */
    private long failedNanos;

    private long pauseNanos;

    /** Whether an order came since PostgreSQL went away, or was in a batch that failed. */
    private boolean isFelt;

    /** Orders left in the buffer at which spilling ends. */
    private int giveBackOrders;

    /** Whether a batch committed since spilling began. */
    private boolean moves;

    /**
     * A takeover that begins with PostgreSQL.
     *
     * @param highMarkOrders buffered; the next order goes to the overflow, and so do others until half of it is left
     * @param waitMaxNanos how long an order may wait for its batch; PostgreSQL may be away for a third of it
     */
    public Takeover(int highMarkOrders, long waitMaxNanos) {
        this.highMarkOrders = highMarkOrders;
        this.graceNanos = waitMaxNanos / GRACE_PARTS;
    }

    public State state() {
        return state;
    }

    /** Whether PostgreSQL gets nothing but probes. */
    public boolean isAway() {
        return state == State.OVERFLOWING || state == State.PROBING;
    }

    /** How long PostgreSQL has had no connection, 0 while it has one; nanoseconds. */
    public long awayNanos(long nowNanos) {
        return storeUp ? 0 : nowNanos - downSinceNanos;
    }

    /** Looks at the connections and the buffer; to be called with every message and every few milliseconds. */
    public void observe(boolean up, int buffered, int inFlight, long nowNanos) {
        if (up != storeUp) {
            storeUp = up;
            downSinceNanos = nowNanos;
            pauseNanos = up ? 0 : pauseNanos;
        }
        if (!up && !isAway() && nowNanos - downSinceNanos >= graceNanos) {
            overflow(nowNanos);
            isFelt = buffered > 0 || inFlight > 0;
        }
        if (up && state == State.OVERFLOWING && !isFelt) {
            state = State.NORMAL;
        }
        if (state == State.SPILLING && buffered <= giveBackOrders && (moves || inFlight == 0)) {
            state = State.NORMAL;
        }
    }

    /** Whether the next order is the overflow's, beside so many that wait for PostgreSQL. */
    public boolean overflows(int buffered) {
        if (state == State.NORMAL && buffered >= highMarkOrders) {
            spill(highMarkOrders);
        }
        isFelt |= isAway();
        return state != State.NORMAL;
    }

    /** An order has waited too long for its batch, with so many others. */
    public void waitedTooLong(int buffered) {
        if (state == State.NORMAL) {
            spill(buffered);
        }
    }

    private void spill(int buffered) {
        state = State.SPILLING;
        giveBackOrders = Math.min(buffered, highMarkOrders) / 2;
        moves = false;
    }

    /** Whether a batch is to try PostgreSQL now; then it is probing, until it hears what became of that. */
    public boolean beginProbe(int inFlight, long nowNanos) {
        boolean due = state == State.OVERFLOWING && storeUp && inFlight == 0 && nowNanos - failedNanos >= pauseNanos;
        if (due) {
            state = State.PROBING;
        }
        return due;
    }

    /** The probe never reached PostgreSQL, and the next one may begin. */
    public void probeSaysNothing() {
        if (state == State.PROBING) {
            state = State.OVERFLOWING;
        }
    }

    /** PostgreSQL answered a batch that was sent then. */
    public void answered(long sentNanos) {
        moves = true;
        if (isAway() && sentNanos - failedNanos >= 0) {
            state = State.NORMAL;
            pauseNanos = 0;
        }
    }

    /** A batch was not stored, or it is not known whether it was. */
    public void failed(long nowNanos) {
        if (state != State.OVERFLOWING) {
            pauseNanos = Math.min(
                    PROBE_PAUSE_NANOS_MAX,
                    state == State.PROBING ? Math.max(PROBE_PAUSE_NANOS, 2 * pauseNanos) : PROBE_PAUSE_NANOS);
        }
        overflow(nowNanos);
        isFelt = true;
    }

    private void overflow(long nowNanos) {
        state = State.OVERFLOWING;
        failedNanos = nowNanos;
    }
}
