package dev.sluice.bus.json;

import dev.sluice.auth.Accounts;
import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.Part;
import dev.sluice.bulk.BulkBody;
import dev.sluice.bulk.BulkLines;
import dev.sluice.bulk.BulkWindow;
import dev.sluice.bulk.ResultLines;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.intake.BulkResults;
import dev.sluice.intake.BulkRun;
import dev.sluice.intake.BulkTurns;
import dev.sluice.intake.OrderCounts;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.Faults;
import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Parsed;
import dev.sluice.quota.AccountQuota;
import dev.sluice.quota.Excess;
import dev.sluice.quota.Quotas;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes one order or an array of them as JSON and answers a result object or an array of them: the same parser, outcomes
 * and bounds as HTTP has. One per event loop; called on it.
 */
final class JsonOrders {

    /**
     * What the sender hears.
     *
     * @param json one result object, or an array of them
     * @param retryAfterSeconds when to send again what is 503; 0 where nothing is
     * @param taken to be run when the sender has taken it, or never will: the memory of the node is reserved until then
     */
    record Answer(Buffer json, int retryAfterSeconds, Runnable taken) {}

    /** Part of the deadline in which no more orders are sent, so that the outcomes of those sent still come. */
    private static final int WIND_DOWN_PARTS = 10;

    private static final long LOOK_MS = 10;

    private final Vertx vertx;
    private final OrderDispatcher dispatcher;
    private final OrderParser parser = new OrderParser();
    private final Metrics metrics;
    private final Clock clock;
    private final long deadlineMs;
    private final int orderBytesMax;
    private final MemoryBudget heldOnNode;
    private final BulkRun.Shared shared;
    private final BulkTurns turns;
    private final Quotas quotas;
    private int open;

    JsonOrders(
            Vertx vertx,
            OrderDispatcher dispatcher,
            SluiceConfig config,
            Metrics metrics,
            MemoryBudget heldOnNode,
            Quotas quotas,
            Clock clock) {
        this.quotas = quotas;
        this.vertx = vertx;
        this.dispatcher = dispatcher;
        this.metrics = metrics;
        this.clock = clock;
        this.deadlineMs = config.http().deadlineMs();
        this.orderBytesMax = config.http().bodyBytesMax();
        this.heldOnNode = heldOnNode;
        BulkWindow window = new BulkWindow(
                config.bulkOutstandingMax(),
                TimeUnit.MILLISECONDS.toNanos(config.writer().bulkTimelyMs()));
        this.shared = new BulkRun.Shared(dispatcher, new OrderParser(), window, metrics, orderBytesMax);
        this.turns = new BulkTurns(vertx, dispatcher, window);
    }

    /** Closes the dispatcher when the messages that came are answered; none may come any more. */
    Future<Void> close() {
        Promise<Void> answered = Promise.promise();
        vertx.setPeriodic(LOOK_MS, id -> {
            if (open == 0 && vertx.cancelTimer(id)) {
                answered.complete();
            }
        });
        return answered.future().eventually(dispatcher::close);
    }

    /**
     * Stores what is in the body. Fails with {@link SubmitRefusedException} where nothing of it was stored.
     *
     * @param account whose orders these are; null where the sender does not say
     */
    Future<Answer> submit(Buffer body, @Nullable String account) {
        if (account != null && !Accounts.isValid(account)) {
            return refused(ProblemType.BAD_REQUEST, "The header account must be 1 to 64 of [A-Za-z0-9._-].");
        }
        Submission submission = new Submission(account == null ? Accounts.DEFAULT : account, null, nowMicros());
        AccountQuota quota = quotas.of(submission.account());
        return isArray(body) ? admitted(body, submission, quota) : admittedOne(body, submission, quota);
    }

    private Future<Answer> admittedOne(Buffer body, Submission submission, AccountQuota quota) {
        Excess excess = quota.admit(1, body.length());
        if (excess != null) {
            return refused(excess);
        }
        open++;
        return one(body, submission, quota).onComplete(done -> open--);
    }

    private Future<Answer> admitted(Buffer body, Submission submission, AccountQuota quota) {
        Excess excess = quota.admitBulk(body.length());
        if (excess != null) {
            return refused(excess);
        }
        open++;
        return many(body, submission, quota).onComplete(done -> {
            open--;
            quota.bulkEnded();
        });
    }

    private static <T> Future<T> refused(Excess excess) {
        ProblemType type = excess.isForGood() ? ProblemType.BULK_EXCEEDS_QUOTA : ProblemType.QUOTA_EXCEEDED;
        return refused(type, excess.detail(), excess.retryAfterSeconds());
    }

    private static boolean isArray(Buffer body) {
        for (int i = 0; i < body.length(); i++) {
            byte c = body.getByte(i);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c == '[';
            }
        }
        return false;
    }

    private Future<Answer> one(Buffer body, Submission submission, AccountQuota quota) {
        if (body.length() > orderBytesMax) {
            return Future.succeededFuture(answered(submission, OrderResult.tooLarge(orderBytesMax), 0));
        }
        Parsed parsed = parser.parse(body.getBytes(), 0, body.length(), submission);
        if (parsed instanceof Order order) {
            return dispatcher.submit(order).map(settled -> {
                OrderResult result = OrderResult.of(order.id(), settled.outcome());
                quota.giveBack(result.invitesRetry() ? 1 : 0);
                return answered(submission, result, settled.retryAfterSeconds());
            });
        }
        return Future.succeededFuture(answered(submission, OrderResult.invalid((Faults) parsed), 0));
    }

    private static void nothingHeld() {
        // The answer to one order is small.
    }

    private Answer answered(Submission submission, OrderResult result, int retryAfterSeconds) {
        OrderCounts.count(metrics, submission.account(), result);
        ResultLines line = new ResultLines(ResultLines.FAULT_BYTES_MAX);
        line.write(1, result);
        return new Answer(
                Buffer.buffer(line.take()), result.invitesRetry() ? retryAfterSeconds : 0, JsonOrders::nothingHeld);
    }

    private Future<Answer> many(Buffer body, Submission submission, AccountQuota quota) {
        if (body.length() > BulkBody.BYTES_MAX) {
            return refused(ProblemType.BODY_TOO_LARGE, "A message has at most " + BulkBody.BYTES_MAX + " bytes.");
        }
        MemoryBudget.Claim held = heldOnNode.claim(Part.BULK);
        BulkBody orders = new BulkBody(false, BulkLines.ORDERS_MAX);
        if (!held.take(orders.growth(body.length()))) {
            return noRoom(quota);
        }
        String fault = orders.append(body.length(), body::getBytes);
        fault = fault == null ? orders.end() : fault;
        if (fault != null || orders.lines().size() == 0 || orders.lines().isOverfull()) {
            held.release();
            return refused(orders.lines(), fault);
        }
        if (!held.take(BulkRun.memoryBytes(orders.length(), orders.lines().size()))) {
            held.release();
            return noRoom(quota);
        }
        Excess excess = quota.takeRest(orders.lines().size());
        if (excess != null) {
            held.release();
            return refused(excess);
        }
        return new Many(orders, submission, held, quota).run();
    }

    private static <T> Future<T> noRoom(AccountQuota quota) {
        quota.giveBack(1);
        return refused(ProblemType.NOT_STORED, "too many requests of many orders are in progress on this node", 1);
    }

    private static Future<Answer> refused(BulkLines lines, @Nullable String fault) {
        if (fault != null) {
            return refused(ProblemType.INVALID_BATCH, "The body must be a JSON array of orders, but " + fault + ".");
        }
        return lines.isOverfull()
                ? refused(ProblemType.TOO_MANY_ORDERS, "A message has at most " + BulkLines.ORDERS_MAX + " orders.")
                : refused(ProblemType.INVALID_BATCH, "There is no order in the array.");
    }

    private static <T> Future<T> refused(ProblemType type, String detail) {
        return refused(type, detail, 0);
    }

    private static <T> Future<T> refused(ProblemType type, String detail, int retryAfterSeconds) {
        return Future.failedFuture(new SubmitRefusedException(Problem.of(type, detail), retryAfterSeconds));
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /** One array of orders, from its message to its answer. */
    private final class Many implements BulkRun.Client {

        private final Promise<Answer> answered = Promise.promise();
        private final BulkBody orders;
        private final MemoryBudget.Claim held;
        private final BulkRun run;
        private final AccountQuota quota;

        Many(BulkBody orders, Submission submission, MemoryBudget.Claim held, AccountQuota quota) {
            this.quota = quota;
            this.orders = orders;
            this.held = held;
            long sendingMs = deadlineMs - deadlineMs / WIND_DOWN_PARTS;
            long lateAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(sendingMs);
            this.run = new BulkRun(shared, this, orders, submission, lateAtNanos);
        }

        Future<Answer> run() {
            long timer = vertx.setTimer(deadlineMs, id -> run.overdue());
            turns.enter(run);
            return answered.future().onComplete(done -> {
                vertx.cancelTimer(timer);
                orders.clear();
            });
        }

        @Override
        public boolean isGone() {
            return answered.future().isComplete();
        }

        @Override
        public void answer(int status, BulkResults results, int unavailable, int retryAfterSeconds) {
            quota.giveBack(unavailable);
            Buffer lines = Buffer.buffer();
            while (!results.isAtEnd()) {
                lines.appendBytes(results.next());
            }
            Buffer json = array(lines);
            held.giveBack(Math.max(0, held.bytes() - json.length()));
            answered.tryComplete(new Answer(json, retryAfterSeconds, held::release));
        }

        /** The lines as an array. A line holds no other line end than its last byte. */
        private Buffer array(Buffer lines) {
            Buffer array = Buffer.buffer(lines.length() + 1).appendByte((byte) '[');
            array.appendBuffer(lines);
            for (int i = 1; i < array.length() - 1; i++) {
                if (array.getByte(i) == '\n') {
                    array.setByte(i, (byte) ',');
                }
            }
            return array.setByte(array.length() - 1, (byte) ']');
        }
    }
}
