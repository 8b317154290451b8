package dev.sluice.load.verify;

import dev.sluice.load.history.HistoryException;
import dev.sluice.load.history.HistoryReader;
import dev.sluice.load.verify.Source.Place;
import dev.sluice.load.verify.Verdict.Finding;
import dev.sluice.order.Fingerprint;
import dev.sluice.order.OrderId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Judges one run. For each client order id and fingerprint that left:
 *
 * <pre>
 * answered 201 at least once              a row with that content
 * answered 202 at least once, never 201   a row, a queued entry, a dead letter or its tombstone
 * some send without a settling answer     may be there or not
 * only ever 4xx or 503 not_stored         nowhere
 * no valid order                          nowhere, and never acknowledged
 * </pre>
 *
 * And of what is there: one row per client order id, under the id that was answered and that its key stands for, with
 * content that was sent under that key and that its own fingerprint agrees to, and nothing that was never sent.
 *
 * <p>Memory: the {@link Ledger}, and the names that are kept. One thread.
 */
public final class Verification implements Source.Sink {

    /** Names that are kept of each finding; all are counted. */
    public static final int NAMED_MAX = 1_000;

    private final Path history;
    private final @Nullable String account;
    private final Ledger ledger = new Ledger();
    private final OrderId orderId = new OrderId();
    private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);
    private final Map<Finding, List<String>> named = new EnumMap<>(Finding.class);
    private long rows;
    private long acknowledged;
    private long elsewhere;

    private Verification(Path history, @Nullable String account) {
        this.history = history;
        this.account = account;
    }

    /**
     * Holds a history against the places where its orders may be. Blocks.
     *
     * @throws HistoryException where the file is no history, or one in which nothing was sent
     * @throws Exception where a source cannot be searched
     */
    public static Verdict of(Path history, List<Source> sources) throws Exception {
        return of(history, null, sources);
    }

    /** The same for a run of one account: orders of others are none of it; null is any account. */
    public static Verdict of(Path history, @Nullable String account, List<Source> sources) throws Exception {
        return new Verification(history, account).judge(sources);
    }

    private Verdict judge(List<Source> sources) throws Exception {
        HistoryReader.read(history, ledger);
        if (ledger.sent() == 0) {
            throw new HistoryException("nothing was sent: there is nothing to verify");
        }
        ledger.close();
        for (Source source : sources) {
            source.search(ledger.prefix(), this);
        }
        try (RandomAccessFile names = new RandomAccessFile(history.toFile(), "r")) {
            for (int entry = 0; entry < ledger.entries(); entry++) {
                judge(entry, names);
            }
        }
        return new Verdict(
                ledger.sent(),
                ledger.sent() - ledger.answered(),
                ledger.keys(),
                acknowledged,
                rows,
                elsewhere,
                counts,
                named);
    }

    @Override
    public void found(
            Place place,
            UUID id,
            String owner,
            String clientOrderId,
            @Nullable Fingerprint content,
            Fingerprint stored) {
        if (account != null && !account.equals(owner)) {
            return;
        }
        int first = ledger.first(ledger.keyOf(clientOrderId));
        rows += place == Place.ROW ? 1 : 0;
        if (first < 0) {
            note(Finding.NEVER_SENT, clientOrderId, id);
            return;
        }
        if (place == Place.ROW) {
            onceOnly(first, id, clientOrderId);
        }
        int entry = content == null || !content.equals(stored) ? -1 : ledger.find(first, content);
        if (entry < 0) {
            unlikeAnySent(first, content, id, clientOrderId);
        } else {
            ledger.mark(entry, place == Place.ROW ? Ledger.ROW : Ledger.ELSEWHERE);
        }
        if (!id.equals(orderId.derived(owner, clientOrderId)) || isOtherThanAnswered(entry, id)) {
            note(Finding.OTHER_ID, clientOrderId, id);
        }
    }

    private void onceOnly(int first, UUID id, String clientOrderId) {
        if (ledger.is(first, Ledger.KEY_IN_ROW)) {
            note(Finding.DOUBLED, clientOrderId, id);
        }
        ledger.mark(first, Ledger.KEY_IN_ROW);
    }

    /** Under a key that only ever held what is no order there was no content to change. */
    private void unlikeAnySent(int first, @Nullable Fingerprint content, UUID id, String clientOrderId) {
        boolean neverValid = content != null && ledger.is(first, Ledger.INVALID);
        note(neverValid ? Finding.REFUSED_BUT_STORED : Finding.CHANGED, clientOrderId, id);
        ledger.markKey(first, Ledger.CHANGED);
    }

    private boolean isOtherThanAnswered(int entry, UUID id) {
        if (entry < 0) {
            return false;
        }
        long answered = ledger.answeredId(entry);
        return ledger.is(entry, Ledger.TWO_IDS) || (answered != 0 && answered != id.getMostSignificantBits());
    }

    private void judge(int entry, RandomAccessFile names) throws IOException {
        boolean committed = ledger.is(entry, Ledger.COMMITTED);
        boolean promised = committed || ledger.is(entry, Ledger.QUEUED);
        boolean there = ledger.is(entry, Ledger.ROW) || (!committed && ledger.is(entry, Ledger.ELSEWHERE));
        acknowledged += promised ? 1 : 0;
        elsewhere += ledger.is(entry, Ledger.ELSEWHERE) && !ledger.is(entry, Ledger.ROW) ? 1 : 0;
        if (ledger.is(entry, Ledger.INVALID)) {
            if (promised) {
                note(Finding.INVALID_ACKNOWLEDGED, names, entry);
            }
        } else if (promised && !there && !ledger.is(entry, Ledger.CHANGED)) {
            note(Finding.LOST, names, entry);
        } else if (!promised && !ledger.is(entry, Ledger.UNKNOWN) && isAnywhere(entry)) {
            note(Finding.REFUSED_BUT_STORED, names, entry);
        }
    }

    private boolean isAnywhere(int entry) {
        return ledger.is(entry, Ledger.ROW) || ledger.is(entry, Ledger.ELSEWHERE);
    }

    private void note(Finding finding, String clientOrderId, UUID id) {
        if (counts.merge(finding, 1L, Long::sum) <= NAMED_MAX) {
            named.computeIfAbsent(finding, any -> new ArrayList<>()).add(clientOrderId + " " + id);
        }
    }

    /** The name is read from the line that the entry came from. */
    private void note(Finding finding, RandomAccessFile names, int entry) throws IOException {
        String clientOrderId = "";
        if (counts.getOrDefault(finding, 0L) < NAMED_MAX) {
            names.seek(ledger.offset(entry));
            clientOrderId = names.readLine().split(" ", -1)[2];
        }
        note(finding, clientOrderId, ledger.keyOf(clientOrderId));
    }
}
