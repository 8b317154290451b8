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

    /** The client hands on the severity in the server's language (lc_messages): it must not matter. */
    private static void assertKind(Kind kind, String... sqlStates) {
        for (String state : sqlStates) {
            for (String severity : List.of("ERROR", "FATAL", "PANIC", "FEHLER", "ERREUR", "致命错误")) {
                assertEquals(kind, kind(state, severity), state + " " + severity);
            }
        }
    }

    @Test
    void dataIntegrityAndARaisedExceptionCondemnAnOrder() {
        assertKind(Kind.REFUSED, "22003", "22P05", "23502", "23505", "23514", "23P01", "P0001");
    }

    @Test
    void anEndedSessionOrABrokenServerLeavesTheOutcomeOpen() {
        assertKind(
                Kind.UNKNOWN, "08006", "58030", "XX000", "XX001", "40003", "57P01", "57P02", "57P03", "57P04", "57P05");
        assertEquals(
                Kind.UNKNOWN, SqlStates.failureOfSent(new IOException("reset")).kind());
    }

    @Test
    void everythingElseIsAnOutageThatStoredNothing() {
        assertKind(
                Kind.NOT_STORED,
                "25006",
                "25P04",
                "26000",
                "28P01",
                "40001",
                "40P01",
                "42501",
                "42P01",
                "42P05",
                "53100",
                "53200",
                "53300",
                "55P03",
                "57014",
                "0A000",
                "P0002",
                "P0004",
                "HV000");
    }

    @Test
    void aFailureThatIsKnownStaysWhatItIs() {
        StoreFailure failure = StoreFailure.notStored("reason");
        assertSame(failure, SqlStates.failureOfSent(failure));
    }
}
