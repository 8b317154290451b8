package dev.sluice.http;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.budget.MemoryBudget.Claim;
import dev.sluice.budget.Part;
import dev.sluice.bulk.BulkBody;
import dev.sluice.bulk.BulkLines;
import dev.sluice.bulk.BulkWindow;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.intake.BulkResults;
import dev.sluice.intake.BulkRun;
import dev.sluice.intake.BulkTurns;
import dev.sluice.listener.Connections;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.request.PiecewiseAnswer;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.OrderResult;
import dev.sluice.quota.Excess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /orders/batch}: many orders in one request, a result line for each. Nothing is sent to a writer before
 * the body is whole and split; until then it may be refused whole. One per intake instance, on its event loop.
 */
final class BulkHandler {

    private static final Problem TOO_MANY_ORDERS = Problem.of(
            ProblemType.TOO_MANY_ORDERS,
            "A bulk request may have at most " + BulkLines.ORDERS_MAX
                    + " orders; nothing of it was stored. Send it in parts.");

    /** Part of the HTTP deadline in which no more orders are sent, so that the outcomes of those sent still come. */
    private static final int WIND_DOWN_PARTS = 10;

    private final long sendingMs;
    private final Metrics metrics;
    private final Clock clock;
    private final OrderDispatcher dispatcher;
    private final MemoryBudget memory;
    private final BulkRun.Shared shared;
    private final BulkTurns turns;
    private final BodyTurns bodies;

    BulkHandler(
            Vertx vertx,
            OrderDispatcher dispatcher,
            Metrics metrics,
            Clock clock,
            SluiceConfig config,
            MemoryBudget memory) {
        long deadlineMs = config.http().deadlineMs();
        this.sendingMs = deadlineMs - deadlineMs / WIND_DOWN_PARTS;
        this.metrics = metrics;
        this.clock = clock;
        this.dispatcher = dispatcher;
        this.memory = memory;
        BulkWindow window = new BulkWindow(
                config.bulkOutstandingMax(),
                TimeUnit.MILLISECONDS.toNanos(config.writer().bulkTimelyMs()));
        this.shared = new BulkRun.Shared(
                dispatcher, new OrderParser(), window, metrics, config.http().bodyBytesMax());
        this.turns = new BulkTurns(vertx, dispatcher, window);
        this.bodies = new BodyTurns(vertx, Connections::read);
    }

    void handle(Exchange exchange) {
        Excess excess = exchange.admission().bulk(RequestHead.contentLength(exchange.request()));
        if (excess != null) {
            exchange.answer(Answer.excess(excess));
            return;
        }
        Problem refusal = RequestHead.bulkRefusal(exchange.request());
        if (refusal != null) {
            invalid(exchange, refusal);
            return;
        }
        exchange.request().proceedIfExpected();
        new Request(exchange).receive();
    }

    private void invalid(Exchange exchange, Problem problem) {
        metrics.orders().of(OrderOutcome.INVALID).increment();
        exchange.answer(Answer.problem(problem));
    }

    private static Problem invalidBatch(String detail) {
        return Problem.of(ProblemType.INVALID_BATCH, detail + " Nothing of it was stored.");
    }

    /** One bulk request, from its head to its end. */
    private final class Request implements Exchange.LongRequest, BulkRun.Client {

        private final Exchange exchange;
        private final BulkBody body;
        private final Claim held = memory.claim(Part.BULK);
        private @Nullable BulkRun run;

        Request(Exchange exchange) {
            this.exchange = exchange;
            this.body = new BulkBody(RequestHead.isNdjson(exchange.request()), BulkLines.ORDERS_MAX);
        }

        void receive() {
            exchange.follow(this);
            exchange.request().read(this::chunk, this::whole, failed -> {}); // the connection tells, or the deadline
        }

        private void chunk(Buffer chunk) {
            if (exchange.isEnded()) {
                return;
            }
            if (body.length() + chunk.length() > BulkBody.BYTES_MAX) {
                passed(Bound.BODY_BYTES, RequestHead.bulkTooLarge());
            } else if (!held.take(body.growth(chunk.length()))) {
                noMemory();
            } else {
                judge(body.append(chunk.length(), chunk::getBytes));
            }
            if (!exchange.isEnded()) {
                bodies.gave(exchange.request().connection(), chunk.length());
            }
        }

        private void whole() {
            bodies.over(exchange.request().connection());
            if (exchange.isEnded()) {
                return;
            }
            exchange.admission().read(body.length());
            judge(body.end());
            if (!exchange.isEnded()
                    && !held.take(
                            BulkRun.memoryBytes(body.length(), body.lines().size()))) {
                noMemory();
            }
            if (!exchange.isEnded()) {
                begin();
            }
        }

        /** Refuses what is no list of orders, or too long a one. */
        private void judge(@Nullable String fault) {
            if (fault != null) {
                invalid(exchange, invalidBatch("The body must be a JSON array of orders, but " + fault + "."));
            } else if (body.lines().isOverfull()) {
                passed(Bound.BULK_ORDERS, TOO_MANY_ORDERS);
            }
        }

        private void passed(Bound bound, Problem problem) {
            metrics.refused().of(bound).increment();
            invalid(exchange, problem);
        }

        private void noMemory() {
            metrics.refused().of(Bound.MEMORY_BULK).increment();
            metrics.orders().of(OrderOutcome.UNAVAILABLE).increment();
            Problem problem = Problem.of(OrderResult.notStored("too many bulk requests are in progress on this node"));
            exchange.answer(Answer.problem(problem, dispatcher.retryAfterSeconds()));
        }

        private void begin() {
            if (body.lines().size() == 0) {
                invalid(exchange, invalidBatch("There is no order in the body."));
                return;
            }
            Excess excess = exchange.admission().rest(body.lines().size());
            if (excess != null) {
                exchange.answer(Answer.excess(excess));
                return;
            }
            long acceptedAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            long lateAtNanos = exchange.beganNanos() + TimeUnit.MILLISECONDS.toNanos(sendingMs);
            Submission submission = new Submission(exchange.account(), null, acceptedAtMicros);
            BulkRun begun = new BulkRun(shared, this, body, submission, lateAtNanos);
            run = begun;
            exchange.timing().sent();
            turns.enter(begun);
        }

        @Override
        public boolean isGone() {
            return exchange.isEnded();
        }

        @Override
        public void answer(int status, BulkResults lines, int unavailable, int retryAfterSeconds) {
            exchange.admission().unavailable(unavailable);
            exchange.timing().found();
            Buffer first = Buffer.buffer(lines.next());
            exchange.answer(
                    lines.isAtEnd()
                            ? Answer.results(status, first, retryAfterSeconds)
                            : Answer.results(status, new Lines(first, lines), retryAfterSeconds));
        }

        @Override
        public void overdue(Answer usual) {
            if (run == null) {
                exchange.answer(usual);
            } else {
                run.overdue();
            }
        }

        @Override
        public void over() {
            bodies.over(exchange.request().connection());
            exchange.admission().read(body.length());
            body.clear();
            held.release();
        }
    }

    /** Result lines whose first ones were written to see whether there are more. */
    private static final class Lines implements PiecewiseAnswer.Pieces {

        private final BulkResults results;
        private @Nullable Buffer first;

        Lines(Buffer first, BulkResults results) {
            this.first = first;
            this.results = results;
        }

        @Override
        public Buffer next() {
            Buffer piece = first == null ? Buffer.buffer(results.next()) : first;
            first = null;
            return piece;
        }
    }
}
