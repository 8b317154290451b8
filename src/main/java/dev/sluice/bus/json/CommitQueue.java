package dev.sluice.bus.json;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Commits that an extension has yet to take, one message each, held out of the node's memory budget. What does not fit is
 * not taken. Thread safe.
 */
final class CommitQueue {

    private final MemoryBudget.Claim claim;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private boolean full;

    CommitQueue(MemoryBudget memory) {
        this.claim = memory.claim(Part.EXTENSIONS);
    }

    /** False where there was no room the last time and nothing was taken out since: then a message need not be made. */
    synchronized boolean mayHaveRoom() {
        return !full || waiting.isEmpty();
    }

    /** False where it does not fit. */
    synchronized boolean offer(Buffer message) {
        full = !claim.take(message.length());
        return !full && waiting.add(message);
    }

    /** The oldest; null where there is none. */
    synchronized @Nullable Buffer poll() {
        Buffer next = waiting.poll();
        if (next != null) {
            claim.giveBack(next.length());
            full = false;
        }
        return next;
    }

    synchronized void clear() {
        waiting.clear();
        claim.release();
        full = false;
    }
}
