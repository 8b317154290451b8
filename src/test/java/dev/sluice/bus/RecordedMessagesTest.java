package dev.sluice.bus;

import static dev.sluice.wire.RecordedForms.BARE;
import static dev.sluice.wire.RecordedForms.FULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.FoundOrder;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.order.StoredOrder;
import dev.sluice.wire.Forms;
import dev.sluice.wire.NextForms;
import dev.sluice.wire.RecordedForms;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Nodes of two releases share a bus: the older one's messages are read by the newer one, and written by it. */
class RecordedMessagesTest {

    private static final StoredOrder STORED = new StoredOrder(FULL, 17);

    private record Message<T>(Wire.Form<T> form, T value) {

        Buffer written(Forms forms) {
            Buffer buffer = Buffer.buffer();
            new Wire.Codec<>(form, forms).encodeToWire(buffer, value);
            return buffer;
        }

        Object readBy(Forms forms, Buffer recorded) {
            return new Wire.Codec<>(form, forms).decodeFromWire(0, recorded);
        }

        void assertReadBy(Forms forms, Buffer recorded) {
            assertEquals(value, readBy(forms, recorded));
        }
    }

    private static final Map<String, Message<?>> MESSAGES = Map.of(
            "order-batch",
            new Message<>(Wire.ORDER_BATCH, new OrderBatch(List.of(FULL, BARE), Priority.BULK)),
            "outcome-batch",
            new Message<>(
                    Wire.OUTCOME_BATCH,
                    new OutcomeBatch(
                            List.of(
                                    new Outcome.Committed(1_735_689_600_223_456L),
                                    new Outcome.Replayed(STORED),
                                    new Outcome.Queued(BARE, false),
                                    new Outcome.Queued(FULL, true),
                                    new Outcome.Conflict(),
                                    new Outcome.Refused("SQLSTATE 23514", "“no”"),
                                    new Outcome.NotStored("full"),
                                    new Outcome.Unknown("no answer")),
                            17,
                            1_000,
                            2_000)),
            "lookup",
            new Message<>(Wire.LOOKUP, new Lookup("shop-1", new UUID(1, 2))),
            "found-nothing",
            new Message<>(Wire.FOUND, new Found(Optional.empty())),
            "found-committed",
            new Message<>(Wire.FOUND, new Found(Optional.of(new FoundOrder.Committed(STORED)))),
            "found-queued",
            new Message<>(Wire.FOUND, new Found(Optional.of(new FoundOrder.Queued(BARE)))),
            "found-dead",
            new Message<>(Wire.FOUND, new Found(Optional.of(new FoundOrder.Dead(FULL, "SQLSTATE 23514", true)))),
            "member-notice",
            new Message<>(
                    Wire.MEMBER_NOTICE,
                    new MemberNotice(
                            "abc123",
                            "10.0.0.11:9090",
                            "0.1.0",
                            1,
                            false,
                            2,
                            List.of(new WriterNotice("sluice.writer.abc123.0", true)))),
            "reach",
            new Message<>(Wire.REACH, new Reach("sluice.member.abc123")),
            "reached",
            new Message<>(Wire.REACHED, new Reached(false, "no answer")));

    private static final Set<String> OF_NODES = Set.of("member-notice", "reach", "reached");

    private static Buffer recorded(String name) {
        return RecordedForms.lines("bus-1.txt").stream()
                .filter(line -> line.get(0).equals(name))
                .map(line -> Buffer.buffer(HexFormat.of().parseHex(line.get(1))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyMessageIsRecorded() {
        Set<String> recorded = new TreeSet<>();
        RecordedForms.lines("bus-1.txt").forEach(line -> recorded.add(line.get(0)));
        assertEquals(new TreeSet<>(MESSAGES.keySet()), recorded);
    }

    @TestFactory
    List<DynamicTest> whatVersionOneWroteIsReadByThisReleaseAndTheNext() {
        return MESSAGES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Buffer recorded = recorded(entry.getKey());
                    entry.getValue().assertReadBy(Forms.ofThisRelease(), recorded);
                    entry.getValue().assertReadBy(NextForms.make(), recorded);
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> itIsWrittenToTheByteByThisReleaseAndByTheNextUntilAllReadMore() {
        Forms patient = NextForms.make();
        patient.writeFor(1);
        return MESSAGES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Buffer recorded = recorded(entry.getKey());
                    assertEquals(recorded, entry.getValue().written(Forms.ofThisRelease()));
                    assertEquals(recorded, entry.getValue().written(patient));
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> theNextVersionIsReadByTheNextReleaseAlone() {
        return MESSAGES.entrySet().stream()
                .filter(entry -> !OF_NODES.contains(entry.getKey()))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Buffer next = entry.getValue().written(NextForms.make());
                    entry.getValue().assertReadBy(NextForms.make(), next);
                    assertInstanceOf(Wire.Unreadable.class, entry.getValue().readBy(Forms.ofThisRelease(), next));
                }))
                .toList();
    }
}
