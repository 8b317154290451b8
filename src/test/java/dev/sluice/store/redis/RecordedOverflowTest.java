package dev.sluice.store.redis;

import static dev.sluice.wire.RecordedForms.BARE;
import static dev.sluice.wire.RecordedForms.FULL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.OverflowState;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import dev.sluice.wire.Forms;
import dev.sluice.wire.NextForms;
import dev.sluice.wire.RecordedForms;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An upgrade in the middle of an outage: what one release queued is drained by the next, and by the one before. */
@Tag("contract")
class RecordedOverflowTest {

    private static final String STREAM = "sluice:{0}:stream";
    private static final String ORDERS = "sluice:{0}:orders";
    private static final Order SECOND = RecordedForms.full(new UUID(4, 5), "web-7f3a-0002");
    private static final Order DEAD = RecordedForms.full(new UUID(6, 7), "web-7f3a-0003");
    private static final StoredForms THIS_RELEASE = new StoredForms(Forms.ofThisRelease());

    /** A read of two entries. */
    private static final int TWO_ENTRIES = 2 * StreamEntry.ORDERS_MAX;

    /** Puts bytes that are no text into a hash. */
    private static final String FROM_HEX = "return redis.call('HSET', KEYS[1], ARGV[1], (string.gsub(ARGV[2], '..',"
            + " function(two) return string.char(tonumber(two, 16)) end)))";

    /** Whose node it is. */
    private enum Release {
        THIS,
        NEXT;

        Forms forms() {
            return this == THIS ? Forms.ofThisRelease() : NextForms.make();
        }
    }

    private static List<List<String>> recorded(String kind) {
        return RecordedForms.lines("redis-1.txt").stream()
                .filter(line -> line.get(0).equals(kind))
                .toList();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static void load(TestRedis server) {
        for (List<String> entry : recorded("stream")) {
            List<String> add = new ArrayList<>(List.of("XADD", STREAM, "*"));
            entry.stream().skip(1).map(word -> word.replace(',', ' ')).forEach(add::add);
            server.command(add.toArray(String[]::new));
        }
        for (List<String> order : recorded("order")) {
            server.command("EVAL", FROM_HEX, "1", ORDERS, order.get(1), order.get(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatVersionOneQueuedIsDrained(Release release) {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.of(release.forms(), server)) {
            rig.overflow();
            rig.reader("a");
            load(server);
            List<Delivery> deliveries = rig.await(() -> rig.reader("a").read(TWO_ENTRIES));
            assertEquals(
                    List.of(FULL, BARE, SECOND),
                    deliveries.stream().map(Delivery::order).toList());
            rig.await(() -> rig.reader("a")
                    .settle(deliveries.stream().map(Settlement::done).toList()));
            assertEquals(
                    new OverflowState(0, 0, 0), rig.await(() -> rig.reader("a").look()));
            assertEquals("0", server.command("HLEN", ORDERS).strip());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBytesAreThese(Release release) {
        Forms forms = release.forms();
        forms.writeFor(1);
        StoredForms stored = new StoredForms(forms);
        List<Order> orders = List.of(FULL, BARE, SECOND);
        for (int i = 0; i < orders.size(); i++) {
            assertArrayEquals(bytes(recorded("order").get(i).get(2)), stored.of(orders.get(i)));
        }
        byte[] dead = bytes(recorded("dead").get(0).get(1));
        DeadLetter letter = stored.deadLetter(dead, false);
        assertEquals(DEAD, letter.order());
        assertArrayEquals(dead, stored.of(letter));
    }

    @Test
    void aNewerNodeQueuesWhatAnOlderOneReadsAndOnceAllReadMoreItQueuesThat() {
        try (TestRedis server = TestRedis.start()) {
            Forms forms = NextForms.make();
            try (RedisRig newer = RedisRig.of(forms, server);
                    RedisRig older = RedisRig.on(server)) {
                Order early = TestOrders.order("early");
                Order late = TestOrders.order("late");
                forms.writeFor(1);
                queue(newer, early);
                forms.writeFor(2);
                queue(newer, late);
                older.reader("a");
                older.overflow();
                assertEquals(
                        Set.of(early),
                        orders(older.await(() -> older.reader("a").read(TWO_ENTRIES))));
                assertEquals(
                        Set.of(late),
                        Set.copyOf(newer.await(() -> newer.overflow().find(List.of(late.id()), newer.in(1_000)))
                                .values()));
                assertThrows(
                        StoreFailure.class,
                        () -> older.await(() -> older.overflow().find(List.of(late.id()), older.in(1_000))));
            }
        }
    }

    /** The one that cannot read it neither settles nor condemns it. */
    @Test
    void whatAnOlderNodeCouldNotReadIsDrainedByANewerOne() {
        try (TestRedis server = TestRedis.start();
                RedisRig newer = RedisRig.of(NextForms.make(), server);
                RedisRig older = RedisRig.on(server)) {
            Order order = TestOrders.order("k");
            queue(newer, order);
            older.reader("a");
            newer.reader("b");
            assertEquals(Set.of(), orders(older.await(() -> older.reader("a").read(TWO_ENTRIES))));
            List<Delivery> deliveries = new ArrayList<>();
            newer.until("its claim", () -> {
                deliveries.addAll(newer.await(() -> newer.reader("b").read(TWO_ENTRIES)));
                return !deliveries.isEmpty();
            });
            assertEquals(Set.of(order), orders(deliveries));
            newer.await(() -> newer.reader("b")
                    .settle(deliveries.stream().map(Settlement::done).toList()));
            assertEquals("0", server.command("HLEN", ORDERS).strip());
            assertEquals("0", server.command("XLEN", STREAM).strip());
        }
    }

    /** A settlement takes the very order that was delivered, whichever version it has. */
    @Test
    void aFormOfAnyKnownVersionIsToldFromThoseOfOthersUnderItsId() {
        StoredForms next = new StoredForms(NextForms.make());
        byte[] form = next.of(FULL);
        assertTrue(next.isOf(form, FULL));
        assertTrue(next.isOf(THIS_RELEASE.of(FULL), FULL));
        assertFalse(next.isOf(form, BARE));
        assertFalse(THIS_RELEASE.isOf(form, FULL));
    }

    private static void queue(RedisRig rig, Order order) {
        rig.overflow(); // opened before the call, which is on the loop
        assertEquals(
                List.of(new Queued(order, false)),
                rig.await(() -> rig.overflow().offer(List.of(order), rig.in(1_000))));
    }

    private static Set<Order> orders(List<Delivery> deliveries) {
        return deliveries.stream()
                .filter(delivery -> delivery.order() != null)
                .map(Delivery::order)
                .collect(Collectors.toSet());
    }
}
