package dev.sluice.batch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FlushPolicyTest {

    private final FlushPolicy policy = new FlushPolicy(3, 16);

    @Test
    void nothingIsFlushedWhereNothingWaits() {
        assertFalse(policy.mayFlush(0, 0));
        assertFalse(policy.mayFlush(0, 1));
        assertFalse(new FlushPolicy(3, 0).mayFlush(0, 1));
    }

    @Test
    void aLoneOrderGoesAtOnce() {
        assertTrue(policy.mayFlush(1, 0));
    }

    @Test
    void besideABatchInFlightAnotherNeedsEnoughOrders() {
        assertFalse(policy.mayFlush(15, 1));
        assertTrue(policy.mayFlush(16, 1));
        assertTrue(policy.mayFlush(17, 2));
    }

    @Test
    void batchesInFlightAreBounded() {
        assertTrue(policy.mayFlush(1_000, 2));
        assertFalse(policy.mayFlush(1_000, 3));
        assertFalse(policy.mayFlush(1_000, 4));
        assertFalse(new FlushPolicy(1, 1).mayFlush(1_000, 1));
    }
}
