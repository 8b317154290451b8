package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.bus.Endpoint;
import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.rig.Await;
import dev.sluice.wire.Forms;
import dev.sluice.wire.NextForms;
import dev.sluice.wire.RecordedForms;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rolling upgrade: nodes of this release and of the next, which adds a field to the order, in one cluster. */
@Tag("contract")
@Timeout(120)
class FormsAgreementTest {

    private static final OrderBatch ORDERS =
            new OrderBatch(List.of(RecordedForms.FULL, RecordedForms.BARE), Priority.LIVE);

    private static final OutcomeBatch OUTCOMES =
            new OutcomeBatch(List.of(new Outcome.Queued(RecordedForms.FULL, true), new Outcome.Conflict()), 1);

    private static final int UNREADABLE = 400;

    private final TestMembers members = new TestMembers();

    /** A member that answers batches of orders at an address of its own name. */
    private record Member(String name, ClusterNode node, Forms forms) {

        Future<OutcomeBatch> ask(Member other) {
            return node.vertx()
                    .eventBus()
                    .<OutcomeBatch>request(other.name, ORDERS)
                    .map(reply -> reply.body());
        }
    }

    @AfterEach
    void close() {
        members.close();
    }

    private Member join(int number, String name, Forms forms) {
        return join(number, name, forms, forms);
    }

    private Member join(int number, String name, Forms agreed, Forms onTheBus) {
        ClusterNode node = members.join(number, name, agreed, onTheBus);
        Await.result(Endpoint.<OrderBatch, OutcomeBatch>open(
                node.vertx(),
                name,
                batch -> batch.equals(ORDERS)
                        ? Future.succeededFuture(OUTCOMES)
                        : Future.failedFuture("other orders came")));
        return new Member(name, node, agreed);
    }

    private static void assertTalk(Member one, Member other) {
        assertEquals(OUTCOMES, Await.result(one.ask(other)));
        assertEquals(OUTCOMES, Await.result(other.ask(one)));
    }

    @Test
    void theNextVersionIsWrittenWhenTheLastMemberOfThisReleaseIsGone() {
        Member older = join(0, "older", Forms.ofThisRelease());
        Member newer = join(1, "newer", NextForms.make());
        TestMembers.awaitHeard(newer.node(), 2);
        assertEquals(1, newer.forms().written());
        assertTalk(older, newer);

        Member newest = join(2, "newest", NextForms.make());
        TestMembers.awaitHeard(newest.node(), 3);
        assertEquals(1, newest.forms().written());
        assertTalk(newer, newest);
        assertTalk(older, newest);

        members.leave(older.node());
        Await.until(
                "both write the next version",
                () -> newer.forms().written() == 2 && newest.forms().written() == 2);
        assertTalk(newer, newest);

        Member back = join(0, "back", Forms.ofThisRelease());
        Await.until(
                "what the one that joined reads",
                () -> newer.forms().written() == 1 && newest.forms().written() == 1);
        assertTalk(back, newer);
        assertTalk(back, newest);
    }

    @Test
    void aMessageThatAMemberCannotReadIsAnsweredAtOnce() {
        Member older = join(0, "older", Forms.ofThisRelease());
        Member hasty = join(1, "hasty", NextForms.make(), NextForms.make());
        TestMembers.awaitHeard(hasty.node(), 2);
        Future<OutcomeBatch> asked = hasty.ask(older);
        Await.state("an answer", asked::isComplete);
        ReplyException answer = assertInstanceOf(ReplyException.class, asked.cause());
        assertEquals(ReplyFailure.RECIPIENT_FAILURE, answer.failureType());
        assertEquals(UNREADABLE, answer.failureCode());
    }

    /** Any program on the JVM may join for the JSON contract; it announces nothing, and reads no order of ours. */
    @Test
    void aMemberThatIsNoNodeHoldsNothingUp() throws UnknownHostException {
        Member one = join(0, "one", NextForms.make());
        members.joinForeign(1);
        Await.until("it is a member", () -> one.node().members() == 2);
        Await.until("the next version", () -> one.forms().written() == 2);
    }
}
