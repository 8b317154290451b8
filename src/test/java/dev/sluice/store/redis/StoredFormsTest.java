package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.OverflowState;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import dev.sluice.wire.Forms;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is stored says its version: the next release reads it, this one leaves alone what it does not know. */
@Tag("contract")
class StoredFormsTest {

    private static final StoredForms FORMS = new StoredForms(Forms.ofThisRelease());

    private static final Order ORDER = new Order(
            new UUID(1, 2),
            "default",
            "k",
            "c",
            "EUR",
            "1",
            "[]",
            null,
            3,
            Fingerprint.of(new byte[Fingerprint.BYTES]));

    /** As version 1 has it for good. */
    private static final String ORDER_V1 = "01" + "0000000000000001" + "0000000000000002"
            + "00000007" + "64656661756c74" + "00000001" + "6b" + "00000001" + "63" + "00000003" + "455552"
            + "00000001" + "31" + "00000002" + "5b5d" + "ffffffff" + "0000000000000003" + "00000021"
            + "00".repeat(Fingerprint.BYTES);

    @Test
    void anOrderIsStoredInVersionOne() {
        byte[] form = FORMS.of(ORDER);
        assertArrayEquals(HexFormat.of().parseHex(ORDER_V1), form);
        assertEquals(ORDER, FORMS.order(form));
    }

    @Test
    void theFormOfAnOrderIsToldFromThoseOfOthersUnderItsId() {
        assertTrue(FORMS.isOf(FORMS.of(ORDER), ORDER));
        byte[] otherContent = new byte[Fingerprint.BYTES];
        otherContent[Fingerprint.BYTES - 1] = 1;
        assertFalse(FORMS.isOf(FORMS.of(with(3, otherContent)), ORDER));
        assertFalse(FORMS.isOf(FORMS.of(with(4, new byte[Fingerprint.BYTES])), ORDER));
        byte[] newer = FORMS.of(ORDER);
        newer[0]++;
        assertFalse(FORMS.isOf(newer, ORDER));
        assertFalse(FORMS.isOf(new byte[] {1}, ORDER));
    }

    private static Order with(long acceptedAtMicros, byte[] fingerprint) {
        return new Order(
                new UUID(1, 2),
                "default",
                "k",
                "c",
                "EUR",
                "1",
                "[]",
                null,
                acceptedAtMicros,
                Fingerprint.of(fingerprint));
    }

    @Test
    void aDeadLetterIsStoredInVersionOne() {
        byte[] form = FORMS.of(dead("no"));
        assertArrayEquals(HexFormat.of().parseHex("01" + "0000000000000005" + "00000002" + "6e6f" + ORDER_V1), form);
        UUID id = StoredForms.deadLetterId(ORDER);
        assertEquals(8, id.version());
        assertEquals(2, id.variant());
        assertEquals(new DeadLetter(id, ORDER, "no", 5, true), FORMS.deadLetter(form, true));
    }

    private static DeadLetter dead(String reason) {
        return new DeadLetter(StoredForms.deadLetterId(ORDER), ORDER, reason, 5, false);
    }

    @Test
    void aReasonIsCutToItsBound() {
        for (int chars : List.of(999, 1_000, 1_001)) {
            byte[] form = FORMS.of(dead("x".repeat(chars)));
            int kept = FORMS.deadLetter(form, false).reason().length();
            assertEquals(Math.min(chars, StoredForms.REASON_CHARS_MAX), kept);
        }
    }

    @Test
    void aReasonThatIsCutKeepsItsSqlState() {
        byte[] form = FORMS.of(dead("x".repeat(5_000) + " (SQLSTATE 23514)"));
        DeadLetter kept = FORMS.deadLetter(form, false);
        assertEquals(StoredForms.REASON_CHARS_MAX, kept.reason().length());
        assertEquals("PostgreSQL answered SQLSTATE 23514", kept.saidToClient());
    }

    @Test
    void anUnknownVersionIsNotRead() {
        for (byte version : new byte[] {0, 2, -1}) {
            byte[] form = FORMS.of(ORDER);
            form[0] = version;
            StoreFailure failure = assertThrows(StoreFailure.class, () -> FORMS.order(form));
            assertTrue(failure.reason().contains("format version " + version), failure.reason());
        }
    }

    @Test
    void anEntryOfVersionOneIsReadAndLeaves() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            List<Order> orders = TestOrders.many("k", 2);
            rig.overflow();
            rig.reader("a");
            rig.await(() -> rig.overflow().offer(orders, rig.in(1_000)));
            server.command("DEL", "sluice:{0}:stream");
            server.command("XGROUP", "CREATE", "sluice:{0}:stream", "drain", "0", "MKSTREAM");
            for (Order order : orders) {
                server.command(
                        "XADD",
                        "sluice:{0}:stream",
                        "*",
                        "v",
                        "1",
                        "id",
                        order.id().toString(),
                        "q",
                        "5");
            }
            List<Delivery> deliveries = rig.await(() -> rig.reader("a").read(2 * StreamEntry.ORDERS_MAX));
            assertEquals(orders, deliveries.stream().map(Delivery::order).toList());
            rig.await(() -> rig.reader("a")
                    .settle(deliveries.stream().map(Settlement::done).toList()));
            assertEquals("0", server.command("XLEN", "sluice:{0}:stream").strip());
        }
    }

    @Test
    void whatANewerReleaseQueuedStaysQueued() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            Order order = TestOrders.order("k");
            String id = order.id().toString();
            rig.overflow();
            rig.reader("a");
            server.command("XADD", "sluice:{0}:stream", "*", "v", "1", "id", id, "q", "5");
            server.command("XADD", "sluice:{0}:stream", "*", "v", "3", "key", id);
            server.command("HSET", "sluice:{0}:orders", id, "\u0009 a later form");

            assertEquals(List.of(), rig.await(() -> rig.reader("a").read(10)));
            rig.reconnect();
            assertEquals(List.of(), rig.await(() -> rig.reader("a").read(10)));
            assertEquals(
                    new OverflowState(1, 5, 0), rig.await(() -> rig.reader("a").look()));
            assertInstanceOf(
                    NotStored.class,
                    rig.await(() -> rig.overflow().offer(List.of(order), rig.in(1_000)))
                            .get(0));
            assertThrows(
                    StoreFailure.class, () -> rig.await(() -> rig.overflow().find(List.of(order.id()), rig.in(1_000))));
            assertTrue(server.command("XPENDING", "sluice:{0}:stream", "drain").startsWith("2\n"));
        }
    }
}
