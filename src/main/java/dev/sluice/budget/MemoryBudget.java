package dev.sluice.budget;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that clients may take on one node: bodies, orders on their way to a store, and answers that are not taken
 * yet, bytes. What is to be held is reserved before, and refused where it does not fit. A reservation lasts until the
 * answer is taken and covers all that comes between, so that nothing is refused later. Thread safe.
 */
public final class MemoryBudget {

    /** Heap of one open connection: its pipeline, decoder and queues; 9.5 KiB in a histogram of 10,000 idle ones. */
    private static final long CONNECTION_BYTES = 10 * 1024;

    /** What clients may take of a heap of three parts; the rest is for Sluice itself, and for the collector to work in. */
    private static final long HEAP_PARTS = 2;

    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();
    private final Map<Part, AtomicLong> parts = new EnumMap<>(Part.class);

    public MemoryBudget(long bytesMax) {
        this.bytesMax = bytesMax;
        for (Part part : Part.values()) {
            parts.put(part, new AtomicLong());
        }
    }

    /**
     * The budget of a heap: two thirds of it, less what so many open connections take. Connections count in full, because
     * a client needs nothing but patience to open them.
     */
    public static long bytesMax(long heapBytes, int connectionsMax) {
        return Math.max(0, heapBytes / 3 * HEAP_PARTS - connectionsMax * CONNECTION_BYTES);
    }

    /** A reservation of nothing so far. */
    public Claim claim(Part part) {
        return new Claim(part);
    }

    /** Bytes reserved now. */
    public long held() {
        return held.get();
    }

    /** Bytes reserved now for that part. */
    public long held(Part part) {
        return ofPart(part).get();
    }

    @SuppressWarnings("NullAway") // every part got its counter in the constructor
    private AtomicLong ofPart(Part part) {
        return parts.get(part);
    }

    private boolean take(Part part, long bytes) {
        if (ofPart(part).addAndGet(bytes) <= part.bytesMax(bytesMax)) {
            if (held.addAndGet(bytes) <= bytesMax) {
                return true;
            }
            held.addAndGet(-bytes);
        }
        ofPart(part).addAndGet(-bytes);
        return false;
    }

    /** What one request or message holds; given back whole. Owned by one event loop. */
    public final class Claim {

        private Part part;
        private long mine;

        private Claim(Part part) {
            this.part = part;
        }

        /** Reserves more; false where that passes a bound, and then nothing more is held. */
        public boolean take(long bytes) {
            if (!MemoryBudget.this.take(part, bytes)) {
                return false;
            }
            mine += bytes;
            return true;
        }

        /** What is held counts for {@link Part#LONE} from now on, which has room for all that is held. */
        public void becomeLone() {
            ofPart(part).addAndGet(-mine);
            part = Part.LONE;
            ofPart(part).addAndGet(mine);
        }

        /** Gives back a part of what is held. */
        public void giveBack(long bytes) {
            mine -= bytes;
            ofPart(part).addAndGet(-bytes);
            held.addAndGet(-bytes);
        }

        /** Gives back all. */
        public void release() {
            giveBack(mine);
        }

        /** Bytes held. */
        public long bytes() {
            return mine;
        }
    }
}
