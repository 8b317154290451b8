package dev.sluice.intake;

import dev.sluice.metrics.Gauge;
import java.util.concurrent.atomic.AtomicLong;

/** Memory that the bulk requests of one node hold together, bytes. Thread safe. */
public final class HeldBytes {

    private final AtomicLong held = new AtomicLong();
    private final long heldMax;

    /** Checked without a lock, so that it may be passed by one piece of a body for each intake instance. */
    public HeldBytes(long heldMax) {
        this.heldMax = heldMax;
    }

    /** Memory of this one request. */
    public Claim claim(Gauge shown) {
        return new Claim(shown);
    }

    /** What one request holds of it; given back whole. Owned by one event loop. */
    public final class Claim {

        private final Gauge shown;
        private long mine;

        private Claim(Gauge shown) {
            this.shown = shown;
        }

        /** False where all requests would hold more than the bound; then nothing is taken. */
        public boolean take(long bytes) {
            if (held.get() + bytes > heldMax) {
                return false;
            }
            add(bytes);
            return true;
        }

        /** Takes them in any case: a result that is known must be told. */
        public void add(long bytes) {
            held.addAndGet(bytes);
            shown.add(bytes);
            mine += bytes;
        }

        /** Gives back all that was taken so far. */
        public void release() {
            add(-mine);
        }
    }
}
