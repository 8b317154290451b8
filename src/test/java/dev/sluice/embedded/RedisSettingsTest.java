package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RedisSettingsTest {

    private static final long GIB = 1L << 30;

    @Test
    void thereIsRoomForTheOrdersWithinHalfOfTheMachine() {
        assertEquals(1_000_000L * 1024, RedisSettings.memoryBytes(1_000_000, 24 * GIB));
        assertEquals(GIB / 2, RedisSettings.memoryBytes(1_000_000, GIB));
        assertEquals(64L << 20, RedisSettings.memoryBytes(10, 24 * GIB));
    }
}
