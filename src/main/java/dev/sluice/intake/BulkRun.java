package dev.sluice.intake;

import dev.sluice.bulk.BulkBody;
import dev.sluice.bulk.BulkLines;
import dev.sluice.bulk.BulkOutcomes;
import dev.sluice.bulk.BulkTally;
import dev.sluice.bulk.BulkWindow;
import dev.sluice.bulk.DuplicateKeys;
import dev.sluice.bulk.DuplicateKeys.LeaderResult;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Faults;
import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Outcome;
import dev.sluice.order.Parsed;
import dev.sluice.order.Priority;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Many orders of one request after its body was split: parses them one after the other, sends them, and answers when
 * each has its result. Then the results are written, as {@link BulkResults} is asked for them. Owned by one event loop.
 */
public final class BulkRun implements DuplicateKeys.Lines {

    /** Who sent the orders: a client of HTTP, or one on the event bus. */
    public interface Client {

        /** The answer is not awaited any more. */
        boolean isGone();

        /**
         * The answer, once.
         *
         * @param status of the whole
         * @param unavailable lines of 503
         * @param retryAfterSeconds when to send those again; 0 where there are none
         */
        void answer(int status, BulkResults lines, int unavailable, int retryAfterSeconds);
    }

    /**
     * What the requests of one event loop have in common.
     *
     * @param lineBytesMax of one order
     */
    public record Shared(
            OrderDispatcher dispatcher, OrderParser parser, BulkWindow window, Metrics metrics, int lineBytesMax) {}

    private static final String DEADLINE = "the HTTP deadline passed";

    /** Orders of one request that were parsed and are not stored yet, bytes. */
    private static final int IN_FLIGHT_BYTES_MAX = 2 << 20;

    /** What an order takes until the answer: its place, its outcome, and what other lines of its key need. */
    private static final int LINE_BYTES = 160;

    private final Shared shared;
    private final Client client;
    private final BulkBody body;
    private final BulkLines lines;
    private final Submission submission;
    private final long lateAtNanos;

    private final BulkOutcomes outcomes;
    private final DuplicateKeys duplicates = new DuplicateKeys(this);
    private final BulkTally tally = new BulkTally();
    private final int inFlightBytesMax;

    private int next;
    private int inFlightBytes;
    private @Nullable Order parsed;

    /** A run that has not begun; {@link BulkTurns#enter} begins it. */
    public BulkRun(Shared shared, Client client, BulkBody body, Submission submission, long lateAtNanos) {
        this.shared = shared;
        this.client = client;
        this.body = body;
        this.lines = body.lines();
        this.submission = submission;
        this.lateAtNanos = lateAtNanos;
        this.outcomes = new BulkOutcomes(lines.size());
        this.inFlightBytesMax = inFlightBytesMax(body.length(), lines.size());
    }

    /** What a request takes beside its body: places and outcomes of that many orders, those in flight, a piece of the answer. */
    public static long memoryBytes(int bodyBytes, int orders) {
        return (long) LINE_BYTES * orders + inFlightBytesMax(bodyBytes, orders) + BulkResults.PIECE_BYTES_MAX;
    }

    private static int inFlightBytesMax(int bodyBytes, int orders) {
        return Math.min(bodyBytes + orders * Order.FIXED_BYTES, IN_FLIGHT_BYTES_MAX);
    }

    /** Whether an order waits for its turn and the client for the answer. */
    boolean hasMore() {
        return next < lines.size() && !client.isGone();
    }

    /** Whether one more order may be in flight, in the memory that is reserved for them; one always may. */
    boolean hasRoom() {
        return inFlightBytes < inFlightBytesMax;
    }

    /** Too near the deadline to send anything. */
    boolean isLate(long nowNanos) {
        return nowNanos - lateAtNanos > 0;
    }

    /** Handles the next order; {@link #hasMore()} must hold. */
    void next(long nowNanos) {
        int line = next++;
        if (isLate(nowNanos)) {
            settle(line, OrderResult.notStored(DEADLINE));
        } else if (lines.length(line) > shared.lineBytesMax()) {
            settle(line, OrderResult.tooLarge(shared.lineBytesMax()));
        } else {
            judge(line, parse(line));
        }
    }

    private Parsed parse(int line) {
        return body.parse(shared.parser(), line, submission);
    }

    private void judge(int line, Parsed judged) {
        if (judged instanceof Faults faults) {
            settle(line, OrderResult.invalid(faults));
        } else if (judged instanceof Order order && order.clientOrderId() == null) {
            send(line, order);
        } else if (judged instanceof Order order) {
            parsed = order;
            duplicates.arrived(line, order.id(), order.fingerprint());
            parsed = null;
        }
    }

    /** The line that was just parsed, or a rival whose turn has come. */
    @Override
    public void send(int line) {
        if (client.isGone()) {
            settle(line, OrderResult.notStored("the request is over"));
        } else if (parsed != null) {
            send(line, parsed);
        } else if (parse(line) instanceof Order again) {
            send(line, again);
        }
    }

    private void send(int line, Order order) {
        UUID id = order.id();
        long sentNanos = System.nanoTime();
        outcomes.sent(line, id);
        parsed = null;
        inFlightBytes += order.weightBytes();
        shared.window().sent();
        shared.dispatcher()
                .submit(order, Priority.BULK)
                .onComplete(
                        done -> { // it never fails
                            inFlightBytes -= order.weightBytes();
                            OrderResult result =
                                    OrderResult.of(id, done.result().outcome());
                            shared.window().settled(System.nanoTime() - sentNanos, result.invitesRetry());
                            settleLeader(line, id, result);
                        });
    }

    private void settleLeader(int line, UUID id, OrderResult result) {
        if (!outcomes.isSettled(line)) {
            settle(line, result);
            duplicates.settled(id, LeaderResult.of(result));
        }
    }

    @Override
    public void share(int line, int leader) {
        settle(line, outcomes.of(leader).repeated());
    }

    @Override
    public void conflict(int line) {
        settle(line, OrderResult.conflict());
    }

    @Override
    public void notStored(int line) {
        settle(line, OrderResult.notStored("the outcome of an earlier line with this clientOrderId is not known"));
    }

    /** The HTTP deadline: what was sent may be stored, the rest is not. */
    public void overdue() {
        for (int line = 0; line < outcomes.size(); line++) {
            UUID id = outcomes.isSettled(line) ? null : outcomes.id(line);
            if (id != null) {
                settleLeader(line, id, OrderResult.of(id, new Outcome.Unknown(DEADLINE)));
            }
        }
        for (int line = 0; line < outcomes.size(); line++) {
            if (!outcomes.isSettled(line)) {
                settle(line, OrderResult.notStored(DEADLINE));
            }
        }
    }

    private void settle(int line, OrderResult result) {
        outcomes.settle(line, result);
        tally.count(result.status());
        OrderCounts.count(shared.metrics(), submission.account(), result);
        if (tally.lines() == outcomes.size() && !client.isGone()) {
            answer();
        }
    }

    private void answer() {
        int retryAfterSeconds = tally.invitesRetry() ? shared.dispatcher().retryAfterSeconds() : 0;
        client.answer(
                tally.status(), new BulkResults(outcomes, lines, this::parse), tally.unavailable(), retryAfterSeconds);
    }
}
