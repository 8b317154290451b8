package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TakenKeysTest {

    private final TakenKeys keys = new TakenKeys();

    @Test
    void batchesAreTakenForNewUntilOneWasNot() {
        assertFalse(keys.areLikely());
        keys.seen();
        assertTrue(keys.areLikely());
    }

    @Test
    void waryBatchesEndAfterTheBound() {
        keys.seen();
        for (int batch = 0; batch < TakenKeys.WARY_BATCHES; batch++) {
            assertTrue(keys.areLikely(), "batch " + batch);
        }
        assertFalse(keys.areLikely());
    }

    @Test
    void everyTakenKeyBeginsTheCountAnew() {
        keys.seen();
        assertTrue(keys.areLikely());
        keys.seen();
        for (int batch = 0; batch < TakenKeys.WARY_BATCHES; batch++) {
            assertTrue(keys.areLikely(), "batch " + batch);
        }
        assertFalse(keys.areLikely());
    }
}
