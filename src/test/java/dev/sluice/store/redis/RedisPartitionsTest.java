package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract is kept over several partitions too. */
class RedisPartitionsTest extends RedisOverflowTest {

    @Override
    protected int partitions() {
        return 3;
    }

    @Test
    void thePartitionIsTheIdModuloTheirNumber() {
        assertEquals(0, RedisKeys.partition(UUID.fromString("1db3ef6c-15ce-820b-97d8-b7396807a414"), 1));
        assertEquals(255 % 7, RedisKeys.partition(new UUID(0, 255), 7));
        assertEquals(4, RedisKeys.partition(new UUID(1, 0), 6), "2^64 modulo 6");
        assertEquals(3, RedisKeys.partition(new UUID(-1L, -1L), 4), "2^128 - 1 modulo 4");
        assertEquals("sluice:{3}:stream", RedisKeys.of(3).stream());
    }
}
