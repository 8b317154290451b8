package dev.sluice.bus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which writer gets the next message of one dispatcher: one of the own node that has room, else one of another node, else
 * one of the own node though it is full, which knows what to do then. On the dispatcher's event loop.
 *
 * <p>A writer of another node is passed over while it is full, while it failed and was not heard since, and at the
 * bound of orders that it owes answers for. One that owes answers and has given none for a quarter of the bus deadline is
 * taken only where there is no other.
 */
final class WriterChoice {

    private static final int SILENT_PARTS = 4;

    /** What one writer of another node owes this dispatcher. */
    private static final class Debt {
        private int messages;
        private int orders;
        private long progressNanos;
    }

    private final WriterDirectory directory;
    private final int ordersMax;
    private final long silentNanos;
    private final Map<Writer, Debt> debts = new HashMap<>();
    private int turn = -1;

    /**
     * A choice among the writers of a directory.
     *
     * @param ordersMax that one writer of another node may owe answers for
     */
    WriterChoice(WriterDirectory directory, int ordersMax, long busDeadlineMs) {
        this.directory = directory;
        this.ordersMax = ordersMax;
        this.silentNanos = TimeUnit.MILLISECONDS.toNanos(busDeadlineMs) / SILENT_PARTS;
    }

    /** The writer for the next message, which has so many orders; null where none is in reach. */
    @Nullable
    Writer next(int orders, long nowNanos) {
        List<Writer> local = directory.local();
        turn++;
        Writer own = first(local, writer -> !writer.isFull());
        if (own != null) {
            return own;
        }
        List<Writer> remote = directory.remote();
        Writer other = first(remote, writer -> takes(writer, orders) && !isSilent(writer, nowNanos));
        if (other == null) {
            other = first(local, writer -> true);
        }
        return other == null ? first(remote, writer -> takes(writer, orders)) : other;
    }

    private interface Condition {
        boolean holds(Writer writer);
    }

    /** The first of those that the condition holds for, from another start each turn. */
    private @Nullable Writer first(List<Writer> writers, Condition condition) {
        Object[] all = writers.toArray();
        for (int i = 0; i < all.length; i++) {
            Writer writer = (Writer) all[Math.floorMod(turn + i, all.length)];
            if (condition.holds(writer)) {
                return writer;
            }
        }
        return null;
    }

    private boolean takes(Writer writer, int orders) {
        Debt debt = debts.get(writer);
        return !writer.isFull() && !writer.hasFailed() && (debt == null || debt.orders + orders <= ordersMax);
    }

    private boolean isSilent(Writer writer, long nowNanos) {
        Debt debt = debts.get(writer);
        return debt != null && nowNanos - debt.progressNanos > silentNanos;
    }

    void sent(Writer writer, int orders, long nowNanos) {
        if (!writer.isLocal()) {
            Debt debt = debts.computeIfAbsent(writer, first -> new Debt());
            if (debt.messages++ == 0) {
                debt.progressNanos = nowNanos;
            }
            debt.orders += orders;
        }
    }

    /** It answered, or the message is given up. */
    void ended(Writer writer, int orders, boolean answered, long nowNanos) {
        Debt debt = debts.get(writer);
        if (debt == null) {
            return;
        }
        debt.orders -= orders;
        if (answered) {
            debt.progressNanos = nowNanos;
        } else {
            writer.failed(nowNanos);
        }
        if (--debt.messages == 0) {
            debts.remove(writer);
        }
    }
}
