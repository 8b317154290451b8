package dev.sluice.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderIdTest {

    private final OrderId orderId = new OrderId();

    @Test
    void aKeyedIdIsTheOneOfTheContract() {
        UUID expected = UUID.fromString("1db3ef6c-15ce-820b-97d8-b7396807a414");
        assertEquals(expected, OrderId.of("default", "web-7f3a-0001"));
        assertEquals(expected, orderId.derived("default", "web-7f3a-0001"));
        assertEquals(expected, orderId.derived("default", "web-7f3a-0001"));
    }

    @Test
    void aKeyedIdIsTheHashWithVersion8AndVariant2Set() throws Exception {
        for (int i = 0; i < 1000; i++) {
            byte[] name = ("sluice1\0acme\0k" + i).getBytes(StandardCharsets.US_ASCII);
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name));
            UUID id = orderId.derived("acme", "k" + i);
            assertEquals(8, id.version());
            assertEquals(2, id.variant());
            assertEquals(hash.getLong() | 0xF000, id.getMostSignificantBits() | 0xF000);
            assertEquals(hash.getLong() << 2, id.getLeastSignificantBits() << 2);
        }
    }

    @Test
    void anAccountIsAScopeOfItsOwn() {
        assertNotEquals(orderId.derived("a", "bk"), orderId.derived("ab", "k"));
        assertNotEquals(orderId.derived("a", "k"), orderId.derived("b", "k"));
    }

    @Test
    void aFreshIdIsAUuid7OfTheTimeOfAcceptance() {
        UUID id = orderId.fresh(1_735_689_600_123_456L);
        assertEquals(7, id.version());
        assertEquals(2, id.variant());
        assertEquals(1_735_689_600_123L, id.getMostSignificantBits() >>> 16);
    }

    @Test
    void freshIdsAreUniqueWhenTheClockStandsStillAndWhenItJumpsBack() {
        Set<UUID> ids = new HashSet<>();
        OrderId otherLoop = new OrderId();
        for (int i = 0; i < 20_000; i++) {
            long micros = 1_735_689_600_000_000L - (i % 3) * 3_600_000_000L;
            ids.add(orderId.fresh(micros));
            ids.add(otherLoop.fresh(micros));
        }
        assertEquals(40_000, ids.size());
        assertTrue(ids.stream().allMatch(id -> id.version() == 7));
    }
}
