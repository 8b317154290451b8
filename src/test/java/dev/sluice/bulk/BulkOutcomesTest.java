package dev.sluice.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.OrderResult;
import dev.sluice.order.Outcome;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was settled is told as it was, from a few bytes a line. */
class BulkOutcomesTest {

    private static final UUID ID = UUID.fromString("0190c3b2-7a54-7d3e-8f00-0123456789ab");

    static List<OrderResult> results() {
        return List.of(
                OrderResult.of(ID, new Outcome.Committed(1)),
                OrderResult.of(ID, new Outcome.Committed(1)).repeated(),
                OrderResult.of(ID, new Outcome.NotStored("why")),
                OrderResult.of(ID, new Outcome.Unknown("why")),
                OrderResult.of(ID, new Outcome.Refused("SQLSTATE 23514")),
                OrderResult.conflict(),
                OrderResult.tooLarge(65_536));
    }

    @ParameterizedTest
    @MethodSource("results")
    void aResultComesBackAsItWas(OrderResult result) {
        BulkOutcomes outcomes = new BulkOutcomes(2);
        outcomes.sent(1, ID);
        assertFalse(outcomes.isSettled(1));
        assertEquals(ID, outcomes.id(1));
        outcomes.settle(1, result);
        assertTrue(outcomes.isSettled(1));
        assertFalse(outcomes.isSettled(0));
        assertNull(outcomes.id(0));
        assertEquals(result, outcomes.of(1));
        assertEquals(result.detail(), outcomes.of(1).detail());
    }

    @Test
    void reasonsAreKeptUpToTheirBound() {
        BulkOutcomes outcomes = new BulkOutcomes(BulkOutcomes.REASONS_MAX);
        for (int line = 0; line < outcomes.size(); line++) {
            outcomes.settle(line, OrderResult.notStored("reason " + line));
        }
        int kept = BulkOutcomes.REASONS_MAX - 2;
        assertEquals("reason " + (kept - 1), outcomes.of(kept - 1).reason());
        assertEquals(BulkOutcomes.OTHER_REASON, outcomes.of(kept).reason());
    }
}
