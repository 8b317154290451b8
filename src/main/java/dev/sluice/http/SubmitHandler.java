package dev.sluice.http;

import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.Settled;
import dev.sluice.intake.OrderCounts;
import dev.sluice.listener.BodyReader;
import dev.sluice.listener.Problem;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.order.Faults;
import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Parsed;
import dev.sluice.quota.Excess;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** {@code POST /orders}: one order, answered when its outcome is known. One per intake instance. */
final class SubmitHandler {

    private static final int NANOS_PER_MICRO = 1_000;
    private static final int SMALL_BODY_BYTES = 4 * 1024;

    private static final Answer NO_ROOM =
            Answer.problem(Problem.of(OrderResult.notStored("the node has no memory left for this request")), 1);

    private final OrderDispatcher dispatcher;
    private final OrderParser parser = new OrderParser();
    private final OutcomeAnswers answers = new OutcomeAnswers();
    private final Metrics metrics;
    private final Clock clock;
    private final int bodyBytesMax;
    private final Exchanges exchanges;
    private final byte[] smallBody = new byte[SMALL_BODY_BYTES];

    SubmitHandler(OrderDispatcher dispatcher, Metrics metrics, Clock clock, int bodyBytesMax, Exchanges exchanges) {
        this.dispatcher = dispatcher;
        this.metrics = metrics;
        this.clock = clock;
        this.bodyBytesMax = bodyBytesMax;
        this.exchanges = exchanges;
    }

    void handle(Exchange exchange) {
        Excess excess = exchange.admission().live(RequestHead.contentLength(exchange.request()));
        if (excess != null) {
            exchange.answer(Answer.excess(excess));
            return;
        }
        Problem refusal = RequestHead.refusal(exchange.request(), bodyBytesMax);
        if (refusal != null) {
            invalid(exchange, refusal);
            return;
        }
        exchange.request().proceedIfExpected();
        exchange.read(new Body(exchange));
    }

    /** The body of one order. */
    private final class Body extends BodyReader {

        private final Exchange exchange;

        Body(Exchange exchange) {
            super(bodyBytesMax, exchange.claim());
            this.exchange = exchange;
        }

        @Override
        protected void whole(Buffer body) {
            exchange.admission().read(body.length());
            try {
                submit(exchange, body);
            } catch (RuntimeException error) {
                exchange.failed(error);
            }
        }

        @Override
        protected void tooLarge() {
            exchange.admission().read(bodyBytesMax);
            metrics.refused().of(Bound.BODY_BYTES).increment();
            invalid(exchange, Problem.of(OrderResult.tooLarge(bodyBytesMax)));
        }

        @Override
        protected boolean makeRoom() {
            boolean made = exchanges.giveWay(NO_ROOM.andClose());
            if (made) {
                refused();
            }
            return made;
        }

        @Override
        protected void noRoom() {
            refused();
            exchange.answer(NO_ROOM);
        }

        private void refused() {
            metrics.refused().of(Bound.MEMORY).increment();
            metrics.orders().of(OrderOutcome.UNAVAILABLE).increment();
        }

        @Override
        protected void malformed() {
            exchange.answer(Answer.problem(Problem.badRequest("The body is not well-formed HTTP/1.1."))
                    .andClose());
        }
    }

    private void submit(Exchange exchange, Buffer body) {
        if (exchange.isEnded()) {
            return;
        }
        IdempotencyKey key = IdempotencyKey.of(exchange.request());
        if (key.problem() != null) {
            invalid(exchange, key.problem());
            return;
        }
        byte[] bytes = bytesOf(body);
        Submission submission = new Submission(exchange.account(), key.value(), nowMicros());
        exchange.timing().parseBegins();
        Parsed parsed = parser.parse(bytes, 0, body.length(), submission);
        exchange.timing().parseEnds();
        if (parsed instanceof Order order) {
            dispatch(exchange, order);
        } else if (parsed instanceof Faults faults) {
            invalid(exchange, Problem.of(OrderResult.invalid(faults)));
        }
    }

    /** The bytes of a small body are in an array that the next one is written over: the parser keeps nothing of it. */
    private byte[] bytesOf(Buffer body) {
        if (body.length() > SMALL_BODY_BYTES) {
            return body.getBytes();
        }
        body.getBytes(0, body.length(), smallBody, 0);
        return smallBody;
    }

    private void dispatch(Exchange exchange, Order order) {
        exchange.sent(order.id());
        exchange.timing().sent();
        dispatcher.submit(order).onComplete(done -> {
            Settled settled = done.result(); // it never fails
            OrderResult result = OrderResult.of(order.id(), settled.outcome());
            OrderCounts.count(metrics, order.account(), result);
            exchange.timing().stored(settled);
            exchange.answer(answers.answer(order, settled.outcome(), result, settled.retryAfterSeconds()));
        });
    }

    private void invalid(Exchange exchange, Problem problem) {
        metrics.orders().of(OrderOutcome.INVALID).increment();
        exchange.answer(Answer.problem(problem));
    }

    private long nowMicros() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / NANOS_PER_MICRO;
    }
}
