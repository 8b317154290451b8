package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFailure.Kind;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlStatesTest {

    private static Kind kind(String sqlState, String severity) {
        return SqlStates.failureOfSent(new PgException("message", severity, sqlState, null))
                .kind();
    }

    @Test
    void onlyDataAndIntegrityCondemnAnOrder() {
        for (String state : List.of("22003", "22P05", "23502", "23505", "23514", "23P01")) {
            assertEquals(Kind.REFUSED, kind(state, "ERROR"), state);
        }
        for (String state : List.of(
                "25006", "40001", "40P01", "42501", "42P01", "53100", "53200", "55P03", "57014", "P0001", "XX000")) {
            assertEquals(Kind.NOT_STORED, kind(state, "ERROR"), state);
        }
    }

    @Test
    void anEndedSessionLeavesTheOutcomeOpen() {
        assertEquals(Kind.UNKNOWN, kind("57P01", "FATAL"));
        assertEquals(Kind.UNKNOWN, kind("57P02", "FATAL"));
        assertEquals(Kind.UNKNOWN, kind("25P04", "FATAL"));
        assertEquals(Kind.UNKNOWN, kind("XX000", "PANIC"));
        assertEquals(
                Kind.UNKNOWN, SqlStates.failureOfSent(new IOException("reset")).kind());
    }

    /** The client hands on the severity in the server's language (lc_messages). */
    @Test
    void aServerOfAnotherLanguageIsUnderstood() {
        assertEquals(Kind.REFUSED, kind("23514", "FEHLER"));
        assertEquals(Kind.UNKNOWN, kind("57P01", "FATAL"));
        assertEquals(Kind.UNKNOWN, kind("57P01", "致命错误"));
        assertEquals(Kind.UNKNOWN, kind("40P01", "ERREUR"));
    }

    @Test
    void aFailureThatIsKnownStaysWhatItIs() {
        StoreFailure failure = StoreFailure.notStored("reason");
        assertSame(failure, SqlStates.failureOfSent(failure));
    }
}
