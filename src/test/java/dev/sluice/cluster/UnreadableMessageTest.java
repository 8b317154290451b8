package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.bus.Endpoint;
import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.WriterNotice;
import dev.sluice.config.TestConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.rig.Await;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.TestOrders;
import dev.sluice.wire.BinaryBuffer;
import dev.sluice.wire.Forms;
import dev.sluice.wire.OrderForm;
import dev.sluice.wire.RecordedForms;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that a node cannot read are answered at once, whatever is wrong with them, and no order waits for them. */
@Tag("contract")
@Timeout(120)
class UnreadableMessageTest {

    private static final int UNREADABLE = 400;

    private static volatile Garbage written = Garbage.NOTHING;
    private static TestMembers members;
    private static ClusterNode reader;
    private static ClusterNode scribbler;

    /** What stands where an order should. */
    private enum Garbage {
        NOTHING,
        NEGATIVE_LENGTH,
        LENGTH_BEYOND_THE_END,
        FINGERPRINT_OF_THREE_BYTES;

        void write(BinaryBuffer out) {
            switch (this) {
                case NOTHING -> {}
                case NEGATIVE_LENGTH -> {
                    out.writeUuid(new UUID(1, 2));
                    out.writeInt(-7);
                }
                case LENGTH_BEYOND_THE_END -> {
                    out.writeUuid(new UUID(1, 2));
                    out.writeInt(Integer.MAX_VALUE);
                }
                case FINGERPRINT_OF_THREE_BYTES -> {
                    out.writeUuid(new UUID(1, 2));
                    List.of("a", "k", "c", "EUR", "1", "[]", "{}").forEach(out::writeString);
                    out.writeLong(1);
                    out.writeBytes(new byte[3]);
                }
            }
        }
    }

    /** As a node with a defect, or memory that is, would write. */
    private static final class Scribble implements OrderForm {

        @Override
        public void write(BinaryBuffer out, Order order) {
            written.write(out);
        }

        @Override
        public Order read(BinaryBuffer in) {
            return Forms.ofVersionOne().order(1).read(in);
        }
    }

    @BeforeAll
    static void join() {
        members = new TestMembers();
        reader = members.join(0, "reader", Forms.ofThisRelease(), Forms.ofThisRelease());
        scribbler = members.join(1, "scribbler", Forms.ofThisRelease(), new Forms(List.of(new Scribble())));
        Await.result(Endpoint.<OrderBatch, OutcomeBatch>open(
                reader.vertx(), "reader", batch -> Future.failedFuture("it was read")));
        Await.result(Endpoint.<OrderBatch, OutcomeBatch>open(
                scribbler.vertx(),
                "scribbler",
                asked -> Future.succeededFuture(
                        new OutcomeBatch(List.of(new Outcome.Queued(RecordedForms.FULL, true)), 1))));
    }

    @AfterAll
    static void close() {
        members.close();
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionIsAnswered(Garbage garbage) {
        written = garbage;
        OrderBatch orders = new OrderBatch(List.of(RecordedForms.FULL), Priority.LIVE);
        Future<?> asked = scribbler.vertx().eventBus().request("reader", orders);
        Await.until("an answer", asked::isComplete);
        ReplyException answer = assertInstanceOf(ReplyException.class, asked.cause());
        assertEquals(ReplyFailure.RECIPIENT_FAILURE, answer.failureType());
        assertEquals(UNREADABLE, answer.failureCode(), answer.getMessage());
    }

    /** The orders may be stored: that is what their clients hear, or they are queued. */
    @ParameterizedTest
    @EnumSource
    void anAnswerLeavesTheOutcomeUnknownAtOnce(Garbage garbage) {
        written = garbage;
        WriterDirectory writers = new WriterDirectory();
        writers.heard("scribbler", List.of(new WriterNotice("scribbler", false)), System.nanoTime());
        Context context = reader.vertx().getOrCreateContext();
        OrderDispatcher dispatcher = new OrderDispatcher(
                context,
                writers,
                "lookup",
                loop -> new OverflowQueue.None(),
                TestConfig.of(
                        "bus.deadlineMs=300000",
                        "http.deadlineMs=400000",
                        "http.idleTimeoutMs=500000",
                        "shutdown.deadlineMs=500000"),
                Metrics.on("test"));
        Promise<Outcome> outcome = Promise.promise();
        context.runOnContext(turn -> dispatcher
                .submit(TestOrders.order("k"))
                .map(settled -> settled.outcome())
                .onComplete(outcome));
        assertInstanceOf(Outcome.Unknown.class, Await.result(outcome.future()));
        assertEquals(0, dispatcher.outstanding());
    }
}
