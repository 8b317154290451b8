package dev.sluice.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.order.Priority;
import dev.sluice.wire.Forms;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders keep their priority between nodes. */
class OrderBatchWireTest {

    @ParameterizedTest
    @EnumSource
    void aBatchArrivesAsItWasSent(Priority priority) {
        Order order = new Order(
                new UUID(1, 2), "a", null, "c", "EUR", "1", "[]", "{}", 3, Fingerprint.of(new byte[Fingerprint.BYTES]));
        OrderBatch sent = new OrderBatch(List.of(order, order), priority);
        Buffer wire = Buffer.buffer();
        Wire.Codec<OrderBatch> codec = new Wire.Codec<>(Wire.ORDER_BATCH, Forms.ofThisRelease());
        codec.encodeToWire(wire, sent);
        assertEquals(sent, codec.decodeFromWire(0, wire));
    }
}
