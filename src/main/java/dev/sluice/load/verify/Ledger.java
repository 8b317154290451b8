package dev.sluice.load.verify;

import dev.sluice.load.history.HistoryException;
import dev.sluice.load.history.HistoryReader;
import dev.sluice.load.history.HistoryWriter;
import dev.sluice.order.Fingerprint;
import dev.sluice.order.OrderId;
import java.util.Arrays;
import java.util.UUID;

/**
 * Everything that a history says, in about 70 bytes an order: one entry for each client order id and fingerprint, in
 * primitive arrays, found by an open hash table. Holds no text: a client order id is kept as the 128 bits that its order
 * id is made of, a fingerprint as its first 64 bits, and where a name is needed it is read again from the file.
 *
 * <p>One thread. At most 2^30 entries.
 */
final class Ledger implements HistoryReader.Lines {

    /** Answered 201 at least once. */
    static final int COMMITTED = 1;
    /** Answered 202 at least once. */
    static final int QUEUED = 1 << 1;
    /** Sent at least once without an answer that settles it. */
    static final int UNKNOWN = 1 << 2;
    /** Not a valid order: no fingerprint. */
    static final int INVALID = 1 << 3;
    /** Found in a row, with this content. */
    static final int ROW = 1 << 4;
    /** Found in another place. */
    static final int ELSEWHERE = 1 << 5;
    /** Some row has this key, whatever its content; on the first entry of the key. */
    static final int KEY_IN_ROW = 1 << 6;
    /** Two answers gave two ids. */
    static final int TWO_IDS = 1 << 7;
    /** Some row has this key and content that was never sent under it; on every entry of the key. */
    static final int CHANGED = 1 << 8;

    private static final int NONE = -1;
    private static final int SLOTS_MIN = 1 << 16;
    private static final int ANSWERED = 1 << 30;
    private static final String ACCOUNT = "default";

    private final OrderId orderId = new OrderId();
    private final LongPages keyHigh = new LongPages();
    private final LongPages keyLow = new LongPages();
    private final LongPages contents = new LongPages();
    private final LongPages answeredIds = new LongPages();
    private final LongPages offsets = new LongPages();
    /** State in the low half, the next entry of the same key, plus one, in the high half. */
    private final LongPages states = new LongPages();
    /** For each send its entry, and whether it was answered. */
    private final LongPages sends = new LongPages();

    private int[] slots = emptySlots(SLOTS_MIN);
    private int keys;
    private long sent;
    private long answered;
    private String prefix = "";

    private static int[] emptySlots(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, NONE);
        return slots;
    }

    @Override
    public void sent(long seq, String clientOrderId, String fingerprint, long offset) {
        boolean invalid = fingerprint.equals(HistoryWriter.NONE);
        takePrefix(clientOrderId);
        UUID key = keyOf(clientOrderId);
        long content = invalid ? 0 : contentOf(fingerprint);
        int entry = findOrAdd(key, content, invalid ? INVALID : 0, offset);
        if (seq != ++sent) {
            throw new HistoryException("send " + seq + " follows send " + (sent - 1) + ": not one run's history");
        }
        sends.add(entry);
    }

    private void takePrefix(String clientOrderId) {
        String its = clientOrderId.substring(0, clientOrderId.lastIndexOf('-') + 1);
        if (its.isEmpty() || !(prefix.isEmpty() || prefix.equals(its))) {
            throw new HistoryException(clientOrderId + " does not begin as one run's orders do: " + prefix);
        }
        prefix = its;
    }

    @Override
    public void answered(long seq, int status, String code, String id) {
        if (seq < 1 || seq > sent || isAnswered(seq)) {
            throw new HistoryException("an answer to send " + seq + ", which has one or was never sent");
        }
        int entry = (int) sends.get((int) (seq - 1));
        sends.set((int) (seq - 1), entry | ANSWERED);
        answered++;
        mark(entry, meaning(status, code));
        if (status == 201 || status == 202) {
            acknowledged(entry, id);
        }
    }

    /** A refusal says that nothing was stored and leaves no mark. */
    private static int meaning(int status, String code) {
        if (status == 201) {
            return COMMITTED;
        }
        if (status == 202) {
            return QUEUED;
        }
        boolean refused = (status >= 400 && status < 500) || (status == 503 && code.equals("not_stored"));
        return refused ? 0 : UNKNOWN;
    }

    private void acknowledged(int entry, String id) {
        if (id.equals(HistoryWriter.NONE)) {
            return;
        }
        long high = idOf(id).getMostSignificantBits();
        if (answeredIds.get(entry) != 0 && answeredIds.get(entry) != high) {
            mark(entry, TWO_IDS);
        }
        answeredIds.set(entry, high);
    }

    private static UUID idOf(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new HistoryException("'" + text + "' is no id of an order");
        }
    }

    private boolean isAnswered(long seq) {
        return (sends.get((int) (seq - 1)) & ANSWERED) != 0;
    }

    /** The history is read: what has no answer is unknown. */
    void close() {
        for (int i = 0; i < sends.size(); i++) {
            long entry = sends.get(i);
            if ((entry & ANSWERED) == 0) {
                mark((int) entry, UNKNOWN);
            }
        }
    }

    UUID keyOf(String clientOrderId) {
        return orderId.derived(ACCOUNT, clientOrderId);
    }

    /** The first 64 bits of the hash behind the version byte, of a fingerprint in hexadecimal. */
    static long contentOf(String fingerprint) {
        try {
            return Long.parseUnsignedLong(fingerprint, 2, 18, 16);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new HistoryException("'" + fingerprint + "' is no fingerprint");
        }
    }

    /** The first entry of a key, or -1. */
    int first(UUID key) {
        return slots[slotOf(key.getMostSignificantBits(), key.getLeastSignificantBits())];
    }

    /** The entry of a key and content, or -1. */
    int find(int first, Fingerprint fingerprint) {
        long content = contentOf(fingerprint.toString());
        int entry = first;
        while (entry != NONE && (contents.get(entry) != content || is(entry, INVALID))) {
            entry = next(entry);
        }
        return entry;
    }

    private int findOrAdd(UUID key, long content, int state, long offset) {
        int slot = slotOf(key.getMostSignificantBits(), key.getLeastSignificantBits());
        int first = slots[slot];
        int entry = first;
        int last = NONE;
        while (entry != NONE && (contents.get(entry) != content || is(entry, INVALID) != (state == INVALID))) {
            last = entry;
            entry = next(entry);
        }
        if (entry != NONE) {
            return entry;
        }
        int added = add(key, content, state, offset);
        if (last == NONE) {
            slots[slot] = added;
            keys++;
            growSlots();
        } else {
            states.set(last, states.get(last) | ((added + 1L) << Integer.SIZE));
        }
        return added;
    }

    private int add(UUID key, long content, int state, long offset) {
        keyHigh.add(key.getMostSignificantBits());
        keyLow.add(key.getLeastSignificantBits());
        contents.add(content);
        answeredIds.add(0);
        offsets.add(offset);
        return states.add(state);
    }

    private int next(int entry) {
        return (int) (states.get(entry) >>> Integer.SIZE) - 1;
    }

    /** Where the key is, or where it would go. The key is a hash already. */
    private int slotOf(long high, long low) {
        int slot = (int) low & (slots.length - 1);
        while (slots[slot] != NONE && (keyLow.get(slots[slot]) != low || keyHigh.get(slots[slot]) != high)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void growSlots() {
        if (keys <= slots.length / 2) {
            return;
        }
        int[] before = slots;
        slots = emptySlots(2 * before.length);
        for (int entry : before) {
            if (entry != NONE) {
                slots[slotOf(keyHigh.get(entry), keyLow.get(entry))] = entry;
            }
        }
    }

    void mark(int entry, int bits) {
        states.set(entry, states.get(entry) | bits);
    }

    /** Marks every entry of a key. */
    void markKey(int first, int bits) {
        for (int entry = first; entry != NONE; entry = next(entry)) {
            mark(entry, bits);
        }
    }

    boolean is(int entry, int bit) {
        return (states.get(entry) & bit) != 0;
    }

    int entries() {
        return states.size();
    }

    /** High half of the id that was answered, 0 where none was. */
    long answeredId(int entry) {
        return answeredIds.get(entry);
    }

    /** The line that tells the entry's name. */
    long offset(int entry) {
        return offsets.get(entry);
    }

    /** How many requests' orders left. */
    long sent() {
        return sent;
    }

    /** How many of them have an answer. */
    long answered() {
        return answered;
    }

    /** Different client order ids. */
    int keys() {
        return keys;
    }

    /** What every client order id begins with; empty where nothing was sent. */
    String prefix() {
        return prefix;
    }
}
