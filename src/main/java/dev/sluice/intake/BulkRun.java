package dev.sluice.intake;

import dev.sluice.bulk.BulkBody;
import dev.sluice.bulk.BulkLines;
import dev.sluice.bulk.BulkTally;
import dev.sluice.bulk.BulkWindow;
import dev.sluice.bulk.DuplicateKeys;
import dev.sluice.bulk.DuplicateKeys.LeaderResult;
import dev.sluice.bulk.ResultLines;
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
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Many orders of one request after its body was split: parses them one after the other, sends them, and answers when
 * each has its result. Results are written as soon as those before them are. Owned by one event loop.
 */
public final class BulkRun implements DuplicateKeys.Lines {

    /** Who sent the orders: a client of HTTP, or one on the event bus. */
    public interface Client {

        /** The answer is not awaited any more. */
        boolean isGone();

        /** The answer, once: result lines, the status of the whole, and when to send again or 0. */
        void answer(int status, Buffer lines, int retryAfterSeconds);
    }

    /**
     * What the requests of one event loop have in common.
     *
     * @param lineBytesMax of one order
     */
    public record Shared(
            OrderDispatcher dispatcher, OrderParser parser, BulkWindow window, Metrics metrics, int lineBytesMax) {}

    private static final String DEADLINE = "the HTTP deadline passed";
    /** In the place of a result whose faults are written, so that they can be forgotten. */
    private static final OrderResult WRITTEN = OrderResult.notStored("");

    private static final int WRITE_BYTES = 32 * 1024;

    private final Shared shared;
    private final Client client;
    private final BulkBody body;
    private final BulkLines lines;
    private final Submission submission;
    private final HeldBytes.Claim held;
    private final long lateAtNanos;

    private final OrderResult[] results;
    private final UUID[] sentIds;
    private final DuplicateKeys duplicates = new DuplicateKeys(this);
    private final BulkTally tally = new BulkTally();
    private final ResultLines writing;
    private final Buffer written = Buffer.buffer();

    private int next;
    private int writtenLines;
    private @Nullable Order parsed;

    /** A run that has not begun; {@link BulkTurns#enter} begins it. */
    public BulkRun(
            Shared shared,
            Client client,
            BulkBody body,
            Submission submission,
            HeldBytes.Claim held,
            long lateAtNanos) {
        this.shared = shared;
        this.client = client;
        this.body = body;
        this.lines = body.lines();
        this.submission = submission;
        this.held = held;
        this.lateAtNanos = lateAtNanos;
        this.results = new OrderResult[lines.size()];
        this.sentIds = new UUID[lines.size()];
        this.writing = new ResultLines(ResultLines.FAULT_BYTES_MAX);
    }

    /** Whether an order waits for its turn and the client for the answer. */
    boolean hasMore() {
        return next < lines.size() && !client.isGone();
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
        sentIds[line] = id;
        parsed = null;
        shared.window().sent();
        shared.dispatcher()
                .submit(order, Priority.BULK)
                .onComplete(
                        done -> { // it never fails
                            OrderResult result =
                                    OrderResult.of(id, done.result().outcome());
                            shared.window().settled(System.nanoTime() - sentNanos, result.invitesRetry());
                            settleLeader(line, id, result);
                        });
    }

    private void settleLeader(int line, UUID id, OrderResult result) {
        if (results[line] == null) {
            settle(line, result);
            duplicates.settled(id, LeaderResult.of(result));
        }
    }

    @Override
    public void share(int line, int leader) {
        settle(line, results[leader].repeated());
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
        for (int line = 0; line < results.length; line++) {
            UUID id = sentIds[line];
            if (id != null) {
                settleLeader(line, id, OrderResult.of(id, new Outcome.Unknown(DEADLINE)));
            }
        }
        for (int line = 0; line < results.length; line++) {
            if (results[line] == null) {
                settle(line, OrderResult.notStored(DEADLINE));
            }
        }
    }

    private void settle(int line, OrderResult result) {
        results[line] = result;
        tally.count(result.status());
        OrderCounts.count(shared.metrics(), result);
        if (!client.isGone()) {
            write();
        }
    }

    private void write() {
        while (writtenLines < results.length && results[writtenLines] != null) {
            OrderResult result = results[writtenLines];
            writing.write(lines.number(writtenLines), result);
            results[writtenLines++] = result.faults().isEmpty() ? result : WRITTEN;
        }
        boolean whole = tally.lines() == results.length;
        if (whole || writing.size() > WRITE_BYTES) {
            held.add(writing.size());
            written.appendBytes(writing.take());
        }
        if (whole) {
            answer();
        }
    }

    private void answer() {
        int retryAfterSeconds = tally.invitesRetry() ? shared.dispatcher().retryAfterSeconds() : 0;
        client.answer(tally.status(), written, retryAfterSeconds);
    }
}
