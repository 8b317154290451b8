package dev.sluice.load.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.load.history.HistoryException;
import dev.sluice.load.verify.Source.Place;
import dev.sluice.load.verify.Verdict.Finding;
import dev.sluice.order.Fingerprint;
import dev.sluice.order.OrderId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judgement itself, on histories and rows written by hand. */
class VerificationTest {

    private static final Fingerprint APPLE = fingerprint(1);
    private static final Fingerprint PEAR = fingerprint(2);

    @TempDir
    Path folder;

    private final List<String> lines = new ArrayList<>();
    private final List<Found> there = new ArrayList<>();

    private record Found(Place place, UUID id, String clientOrderId, Fingerprint content, Fingerprint stored) {}

    private static Fingerprint fingerprint(int seed) {
        byte[] bytes = new byte[Fingerprint.BYTES];
        Arrays.fill(bytes, (byte) seed);
        return Fingerprint.of(bytes);
    }

    private static UUID id(String clientOrderId) {
        return OrderId.of("default", clientOrderId);
    }

    private int seq;

    private int sent(String key, Object content) {
        seq++;
        lines.add("S " + seq + " " + key + " " + content + " 1700000000000000");
        return seq;
    }

    private void answered(int send, String status, String key) {
        String id = status.startsWith("2") ? id(key).toString() : "-";
        lines.add("A " + send + " " + status + " " + id + " 1700000000000001");
    }

    private void order(String key, String status) {
        answered(sent(key, APPLE), status, key);
    }

    private void row(String key, Fingerprint content) {
        there.add(new Found(Place.ROW, id(key), key, content, content));
    }

    private Verdict verdict() throws Exception {
        return verdict(String.join("\n", lines) + "\n");
    }

    private Verdict verdict(String text) throws Exception {
        Path history = Files.writeString(folder.resolve("history"), text);
        Source source = (prefix, sink) -> there.forEach(found -> {
            assertTrue(found.clientOrderId.startsWith(prefix));
            sink.found(found.place, found.id, "default", found.clientOrderId, found.content, found.stored);
        });
        return Verification.of(history, List.of(source));
    }

    private void assertFinds(Finding finding, String... keys) throws Exception {
        Verdict verdict = verdict();
        assertEquals(Map.of(finding, (long) keys.length), verdict.counts());
        for (String key : keys) {
            assertTrue(
                    verdict.names(finding).stream().anyMatch(name -> name.startsWith(key + " ")), verdict.toString());
        }
    }

    private void assertClean() throws Exception {
        assertEquals(Map.of(), verdict().counts());
    }

    @Test
    void whatWasPromisedIsThere() throws Exception {
        order("t-1", "201");
        order("t-2", "202");
        order("t-3", "400:invalid_order");
        order("t-4", "503:not_stored");
        row("t-1", APPLE);
        there.add(new Found(Place.DEAD, id("t-2"), "t-2", APPLE, APPLE));
        Verdict verdict = verdict();
        assertTrue(verdict.isClean(), verdict.toString());
        assertEquals(4, verdict.sent());
        assertEquals(2, verdict.acknowledged());
        assertEquals(1, verdict.rows());
        assertEquals(0, verdict.unanswered());
    }

    @Test
    void acknowledgedOrdersThatAreNowhereAreLost() throws Exception {
        order("t-1", "201");
        order("t-2", "202");
        assertFinds(Finding.LOST, "t-1", "t-2");
    }

    @Test
    void a201IsNotKeptByTheOverflow() throws Exception {
        order("t-1", "201");
        there.add(new Found(Place.QUEUED, id("t-1"), "t-1", APPLE, APPLE));
        assertFinds(Finding.LOST, "t-1");
    }

    @Test
    void anOrderWithTwoRowsIsDoubled() throws Exception {
        order("t-1", "201");
        row("t-1", APPLE);
        there.add(new Found(Place.ROW, id("t-1"), "t-1", APPLE, APPLE));
        assertFinds(Finding.DOUBLED, "t-1");
    }

    @Test
    void aChangedRowIsNotAlsoLost() throws Exception {
        order("t-1", "201");
        row("t-1", PEAR);
        assertFinds(Finding.CHANGED, "t-1");
    }

    @Test
    void aRowThatChangedBehindItsFingerprintIsFound() throws Exception {
        order("t-1", "201");
        there.add(new Found(Place.ROW, id("t-1"), "t-1", PEAR, APPLE));
        assertFinds(Finding.CHANGED, "t-1");
    }

    @Test
    void aRowThatWasNeverSentIsFound() throws Exception {
        order("t-1", "201");
        row("t-1", APPLE);
        row("t-9", APPLE);
        assertFinds(Finding.NEVER_SENT, "t-9");
    }

    @Test
    void aRefusedOrderThatIsStoredIsFound() throws Exception {
        order("t-1", "422:order_refused");
        order("t-2", "503:not_stored");
        row("t-1", APPLE);
        row("t-2", APPLE);
        assertFinds(Finding.REFUSED_BUT_STORED, "t-1", "t-2");
    }

    @Test
    void unknownMayBeThereOrNot() throws Exception {
        order("t-1", "503:outcome_unknown");
        order("t-2", "503:outcome_unknown");
        sent("t-3", APPLE);
        sent("t-4", APPLE);
        order("t-5", "503");
        row("t-1", APPLE);
        row("t-3", APPLE);
        assertClean();
        assertEquals(2, verdict().unanswered());
    }

    @Test
    void aRetryThatIsAcknowledgedCounts() throws Exception {
        order("t-1", "503:not_stored");
        order("t-1", "201");
        order("t-2", "503:not_stored");
        sent("t-2", APPLE);
        row("t-1", APPLE);
        row("t-2", APPLE);
        assertClean();
    }

    @Test
    void theLoserOfAReusedKeyIsAbsent() throws Exception {
        order("t-1", "201");
        answered(sent("t-1", PEAR), "422:client_order_id_reused", "t-1");
        row("t-1", APPLE);
        assertClean();
        there.clear();
        row("t-1", PEAR);
        Verdict verdict = verdict();
        assertEquals(Map.of(Finding.LOST, 1L, Finding.REFUSED_BUT_STORED, 1L), verdict.counts());
    }

    @Test
    void whatIsNoOrderIsNowhere() throws Exception {
        answered(sent("t-1", "-"), "400:invalid_order", "t-1");
        assertClean();
        row("t-1", APPLE);
        assertFinds(Finding.REFUSED_BUT_STORED, "t-1");
        there.clear();
        answered(sent("t-2", "-"), "201", "t-2");
        assertFinds(Finding.INVALID_ACKNOWLEDGED, "t-2");
    }

    @Test
    void anotherIdThanAnsweredIsFound() throws Exception {
        lines.add("S 1 t-1 " + APPLE + " 1");
        lines.add("A 1 201 " + id("t-2") + " 1");
        row("t-1", APPLE);
        assertFinds(Finding.OTHER_ID, "t-1");
    }

    @Test
    void aCutLastLineIsLeftOut() throws Exception {
        order("t-1", "201");
        row("t-1", APPLE);
        String text = String.join("\n", lines) + "\n";
        assertTrue(verdict(text + "S 2 t-2 0101").isClean());
        assertTrue(verdict(text.stripTrailing()).isClean(), "an answer that was cut is unknown");
    }

    @Test
    void whatIsNoHistoryIsSaid() throws Exception {
        for (String text : List.of(
                "",
                "S 1 t-1 " + APPLE + "\n",
                "X 1 t-1 " + APPLE + " 1\n",
                "S 2 t-1 " + APPLE + " 1\n",
                "S 1 t-1 xx 1\n",
                "S 1 t1 " + APPLE + " 1\n",
                "S 1 t-1 " + APPLE + " 1\nS 2 u-1 " + APPLE + " 1\n",
                "S 1 t-1 " + APPLE + " 1\nA 2 201 - 1\n",
                "S 1 t-1 " + APPLE + " 1\nA 1 201 abc 1\n",
                "S 1 t-1 " + APPLE + " 1\nA 1 202 1db3ef6c-15ce-820b-97d8-b7396807a41g 1\n",
                "S 1 t-1 " + APPLE + " 1\nA 1 201 - 1\nA 1 201 - 1\n",
                "S 1 t-1 " + APPLE + " 1\nA 1 2011 - 1\n")) {
            assertThrows(HistoryException.class, () -> verdict(text), text);
        }
    }

    @Test
    void manyOrdersFindTheirPlaces() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            order("t-" + i, "201");
            if (i != 77_777) {
                row("t-" + i, APPLE);
            }
        }
        assertFinds(Finding.LOST, "t-77777");
    }
}
