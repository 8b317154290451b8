package dev.sluice.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.budget.MemoryBudget.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One budget, its parts, and what is left of a reservation that did not fit: nothing. */
class MemoryBudgetTest {

    private static final long BYTES = 1_000;

    private final MemoryBudget budget = new MemoryBudget(BYTES);

    @ParameterizedTest
    @EnumSource(Part.class)
    void aPartTakesUpToItsBoundAndNoByteMore(Part part) {
        long max = part.bytesMax(BYTES);
        Claim claim = budget.claim(part);
        assertTrue(claim.take(max - 1));
        assertFalse(claim.take(2));
        assertTrue(claim.take(1));
        assertFalse(budget.claim(part).take(1));
        assertEquals(max, budget.held());
        claim.release();
        assertEquals(0, budget.held());
        assertEquals(0, budget.held(part));
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void theSmallestBudgetForSoManyBytesHoldsThem(Part part) {
        assertTrue(new MemoryBudget(part.budgetFor(777)).claim(part).take(777));
    }

    @Test
    void partsAreBoundedTogether() {
        assertTrue(budget.claim(Part.BULK).take(500));
        assertTrue(budget.claim(Part.INCOMING).take(250));
        assertTrue(budget.claim(Part.LONE).take(250));
        assertFalse(budget.claim(Part.EXTENSIONS).take(1));
        assertEquals(0, budget.held(Part.EXTENSIONS));
    }

    @Test
    void bulkAndBodiesThatComeInLeaveRoomForOrdersInOnePiece() {
        Claim bulk = budget.claim(Part.BULK);
        Claim incoming = budget.claim(Part.INCOMING);
        while (bulk.take(1) || incoming.take(1)) {
            assertTrue(budget.held() < BYTES);
        }
        assertTrue(budget.claim(Part.LONE).take(BYTES / 4));
    }

    @Test
    void aBodyThatIsWholeMakesRoomForAnother() {
        Claim whole = budget.claim(Part.INCOMING);
        assertTrue(whole.take(250));
        assertFalse(budget.claim(Part.INCOMING).take(1));
        whole.becomeLone();
        assertTrue(budget.claim(Part.INCOMING).take(1));
        assertEquals(250, budget.held(Part.LONE));
        whole.release();
        whole.release();
        assertEquals(1, budget.held());
    }

    @Test
    void withoutAFigureTheBudgetIsTwoThirdsOfTheHeapLessTheConnections() {
        assertEquals(200, MemoryBudget.bytesMax(300, 0));
        assertEquals(198 * 1024, MemoryBudget.bytesMax(312 * 1024, 1));
        assertEquals(0, MemoryBudget.bytesMax(300, 10));
    }
}
