package dev.sluice.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.TestOrders;
import dev.sluice.wire.Forms;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages between nodes arrive as they left. */
class WireTest {

    private static final Order PLAIN = TestOrders.order("k");
    private static final Order BARE = TestOrders.order(null);
    private static final Order UNICODE = TestOrders.parse(
            "{\"clientOrderId\":\"k\",\"customerId\":\"Zoë 😀\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"€\","
                    + "\"quantity\":1,\"unitPrice\":\"0.0001\"}],\"attributes\":{\"é\":{\"😀\":[1,\"\\u2028\"]}}}");

    private static <T> Wire.Codec<T> codec(Wire.Form<T> form) {
        return new Wire.Codec<>(form, Forms.ofThisRelease());
    }

    /** Not at the beginning of its buffer, and not at the end: as on the bus. */
    private static <T> Object travelled(Wire.Form<T> form, T message) {
        Wire.Codec<T> codec = codec(form);
        Buffer buffer = Buffer.buffer().appendString("before");
        codec.encodeToWire(buffer, message);
        return codec.decodeFromWire("before".length(), buffer.appendString("after"));
    }

    @Test
    void ordersComeBackAsTheyWere() {
        for (List<Order> orders : List.of(List.of(PLAIN), List.of(BARE, UNICODE, PLAIN), List.<Order>of())) {
            for (Priority priority : Priority.values()) {
                OrderBatch batch = new OrderBatch(orders, priority);
                assertEquals(batch, travelled(Wire.ORDER_BATCH, batch));
            }
        }
    }

    @Test
    void everyOutcomeComesBackAsItWas() {
        OutcomeBatch batch = new OutcomeBatch(
                List.of(
                        new Outcome.Committed(Long.MAX_VALUE),
                        new Outcome.Replayed(new StoredOrder(UNICODE, 1)),
                        new Outcome.Replayed(new StoredOrder(BARE, -1)),
                        new Outcome.Queued(UNICODE, false),
                        new Outcome.Queued(BARE, true),
                        new Outcome.Conflict(),
                        new Outcome.Refused("SQLSTATE 23514", "“no”"),
                        new Outcome.NotStored(""),
                        new Outcome.Unknown("😀")),
                17);
        assertEquals(batch, travelled(Wire.OUTCOME_BATCH, batch));
        assertEquals(
                Outcome.class.getPermittedSubclasses().length,
                batch.outcomes().stream().map(Outcome::getClass).distinct().count(),
                "an outcome is missing here");
    }

    @Test
    void lookUpsAndWhatTheyFoundComeBackAsTheyWere() {
        Lookup lookup = new Lookup("shop-1", new UUID(-1, 1));
        assertEquals(lookup, travelled(Wire.LOOKUP, lookup));
        List<FoundOrder> everywhere = List.of(
                new FoundOrder.Committed(new StoredOrder(UNICODE, 5)),
                new FoundOrder.Queued(BARE),
                new FoundOrder.Dead(PLAIN, "“no”", false),
                new FoundOrder.Dead(UNICODE, "", true));
        Stream.concat(
                        Stream.of(Optional.<FoundOrder>empty()),
                        everywhere.stream().map(Optional::of))
                .map(Found::new)
                .forEach(found -> assertEquals(found, travelled(Wire.FOUND, found)));
        assertEquals(
                FoundOrder.class.getPermittedSubclasses().length,
                everywhere.stream().map(FoundOrder::getClass).distinct().count(),
                "a place is missing here");
    }

    @Test
    void onOneNodeTheMessageItselfIsHandedOn() {
        OrderBatch batch = new OrderBatch(List.of(PLAIN), Priority.LIVE);
        assertSame(batch, codec(Wire.ORDER_BATCH).transform(batch));
    }

    @Test
    void anUnknownVersionIsRefusedByName() {
        Buffer buffer = Buffer.buffer();
        codec(Wire.LOOKUP).encodeToWire(buffer, new Lookup("default", new UUID(1, 2)));
        int versionAt = Integer.BYTES;
        assertEquals(1, buffer.getByte(versionAt));
        for (byte version : new byte[] {0, 2, -1}) {
            buffer.setByte(versionAt, version);
            String reason = unreadable(codec(Wire.LOOKUP).decodeFromWire(0, buffer));
            assertTrue(reason.contains("sluice.Lookup has format version " + version), reason);
        }
    }

    @Test
    void anOutcomeWithAnUnknownTagIsRefused() {
        Buffer buffer = Buffer.buffer();
        codec(Wire.OUTCOME_BATCH).encodeToWire(buffer, new OutcomeBatch(List.of(new Outcome.Conflict()), 1));
        int tagAt = Integer.BYTES + 1 + Integer.BYTES;
        buffer.setByte(tagAt, (byte) 99);
        assertTrue(
                unreadable(codec(Wire.OUTCOME_BATCH).decodeFromWire(0, buffer)).contains("99"));
    }

    private static String unreadable(Object read) {
        return assertInstanceOf(Wire.Unreadable.class, read).reason();
    }

    /** Nodes of two releases share a bus: these bytes never change under version 1. */
    @Test
    void theBytesOfVersionOneAreThese() {
        Buffer buffer = Buffer.buffer();
        codec(Wire.LOOKUP).encodeToWire(buffer, new Lookup("ab", new UUID(1, 2)));
        assertEquals(
                "00000017" + "01" + "00000002" + "6162" + "0000000000000001" + "0000000000000002",
                java.util.HexFormat.of().formatHex(buffer.getBytes()));
    }
}
