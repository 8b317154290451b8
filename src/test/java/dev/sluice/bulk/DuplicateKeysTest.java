package dev.sluice.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.bulk.DuplicateKeys.LeaderResult;
import dev.sluice.order.Fingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Lines of one request under one client order id. */
class DuplicateKeysTest {

    private static final UUID ID = new UUID(1, 1);
    private static final Fingerprint A = content(1);
    private static final Fingerprint B = content(2);
    private static final Fingerprint C = content(3);

    private final List<String> told = new ArrayList<>();
    private final DuplicateKeys repeats = new DuplicateKeys(new DuplicateKeys.Lines() {
        @Override
        public void send(int line) {
            told.add("send " + line);
        }

        @Override
        public void share(int line, int leader) {
            told.add(line + " shares " + leader);
        }

        @Override
        public void conflict(int line) {
            told.add(line + " conflicts");
        }

        @Override
        public void notStored(int line) {
            told.add(line + " not stored");
        }
    });

    private static Fingerprint content(int seed) {
        byte[] bytes = new byte[33];
        Arrays.fill(bytes, (byte) seed);
        bytes[0] = 1;
        return Fingerprint.of(bytes);
    }

    private void arrive(Fingerprint... contents) {
        for (Fingerprint content : contents) {
            repeats.arrived(arrived++, ID, content);
        }
    }

    private int arrived;

    private void assertTold(String... expected) {
        assertEquals(List.of(expected), told);
        told.clear();
    }

    @Test
    void theFirstIsSentAndTheOthersWaitForIt() {
        arrive(A, A, B);
        repeats.arrived(9, new UUID(2, 2), A);
        assertTold("send 0", "send 9");
    }

    @Test
    void onceItIsAcknowledgedRepeatsShareAndRivalsConflict() {
        arrive(A, B, A, B);
        told.clear();
        repeats.settled(ID, LeaderResult.ACKNOWLEDGED);
        assertTold("2 shares 0", "1 conflicts", "3 conflicts");
        arrive(A, B);
        assertTold("4 shares 0", "5 conflicts");
    }

    @Test
    void whereItsOutcomeIsOpenNoRivalOvertakesIt() {
        arrive(A, B, A);
        told.clear();
        repeats.settled(ID, LeaderResult.OPEN);
        assertTold("2 shares 0", "1 not stored");
        arrive(B, A);
        assertTold("3 not stored", "4 shares 0");
    }

    @Test
    void whereItIsTurnedDownTheNextRivalLeads() {
        arrive(A, B, C, B, A);
        told.clear();
        repeats.settled(ID, LeaderResult.TURNED_DOWN);
        assertTold("4 shares 0", "send 1");
        repeats.settled(ID, LeaderResult.TURNED_DOWN);
        assertTold("3 shares 1", "send 2");
        repeats.settled(ID, LeaderResult.ACKNOWLEDGED);
        assertTold();
        arrive(C, A);
        assertTold("5 shares 2", "6 conflicts");
    }

    @Test
    void anIdThatNoLineHadIsIgnored() {
        repeats.settled(ID, LeaderResult.ACKNOWLEDGED);
        assertTold();
    }
}
