package dev.sluice.bus.json;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.log.Sampled;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.Quotas;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes {@value #ADDRESS}: one order or an array of them as JSON, from any member of the cluster and from the
 * extensions of this node. The body is a JSON object or array, a buffer or a string; the reply has the same form. A
 * header {@value #ACCOUNT} says whose orders they are. A {@code publish} is refused: every node would take it.
 */
public final class SubmitVerticle extends VerticleBase {

    /** Where orders are submitted. */
    public static final String ADDRESS = "orders.submit";

    /** The header that names the account. */
    public static final String ACCOUNT = "account";

    /** The reply's header that says after how many seconds what is 503 may be sent again. */
    public static final String RETRY_AFTER = "retry-after";

    private static final Logger LOG = LoggerFactory.getLogger(SubmitVerticle.class);
    private static final Pattern LONE_SURROGATE = Pattern.compile("[\\uD800-\\uDFFF]");
    private static final byte NO_UTF8 = (byte) 0xFF;
    private static final int BAD_REQUEST = 400;
    private static final int FAILED = 500;

    private final Function<Context, OrderDispatcher> dispatchers;
    private final SluiceConfig config;
    private final Metrics metrics;
    private final MemoryBudget heldOnNode;
    private final Quotas quotas;
    private final Sampled published = new Sampled(LOG, "an order was published, which no node takes", System::nanoTime);
    private @Nullable Started started;

    private record Started(JsonOrders orders, MessageConsumer<?> consumer) {}

    /** Makes its dispatcher at its start, on its event loop. */
    public SubmitVerticle(
            Function<Context, OrderDispatcher> dispatchers,
            SluiceConfig config,
            Metrics metrics,
            MemoryBudget heldOnNode,
            Quotas quotas) {
        this.quotas = quotas;
        this.dispatchers = dispatchers;
        this.config = config;
        this.metrics = metrics;
        this.heldOnNode = heldOnNode;
    }

    @Override
    public Future<?> start() {
        JsonOrders orders = new JsonOrders(
                vertx, dispatchers.apply(context), config, metrics, heldOnNode, quotas, Clock.systemUTC());
        MessageConsumer<Object> consumer = vertx.eventBus().consumer(ADDRESS, message -> take(orders, message));
        started = new Started(orders, consumer);
        return consumer.completion();
    }

    private void take(JsonOrders orders, Message<Object> message) {
        if (!message.isSend()) {
            published.happened("send it, or request an answer");
            return;
        }
        try {
            submit(orders, message);
        } catch (RuntimeException error) { // every message gets an answer
            failed(message, error);
        }
    }

    private static void submit(JsonOrders orders, Message<Object> message) {
        Buffer body = bytes(message.body());
        if (body == null) {
            message.fail(BAD_REQUEST, "the body must be JSON: an object, an array, a buffer or a string");
        } else if (message.headers().getAll(ACCOUNT).size() > 1) {
            message.fail(BAD_REQUEST, "there must be one header " + ACCOUNT + " at most");
        } else {
            orders.submit(body, message.headers().get(ACCOUNT)).onComplete(done -> {
                if (done.succeeded()) {
                    reply(message, done.result());
                } else {
                    failed(message, done.cause());
                }
            });
        }
    }

    private static void reply(Message<Object> message, JsonOrders.Answer answer) {
        try {
            message.reply(like(message.body(), answer.json()), headers(answer));
        } finally {
            answer.taken().run(); // the bus does not tell when the sender has it
        }
    }

    private static void failed(Message<Object> message, Throwable error) {
        if (error instanceof SubmitRefusedException refused) {
            message.fail(refused.status(), refused.textForMembers());
        } else {
            LOG.error("a message at {} failed", ADDRESS, error);
            message.fail(FAILED, "Sluice failed; its log says why");
        }
    }

    private static @Nullable Buffer bytes(@Nullable Object body) {
        if (body instanceof Buffer buffer) {
            return buffer;
        } else if (body instanceof String text) {
            return utf8(text);
        }
        try {
            if (body instanceof JsonObject object) {
                return object.toBuffer();
            }
            return body instanceof JsonArray array ? array.toBuffer() : null;
        } catch (EncodeException noJson) { // it holds an object of the sender's own
            LOG.debug("a message at {} is no JSON", ADDRESS, noJson);
            return null;
        }
    }

    /** Half of a character would become a question mark; as a byte that is no UTF-8 it is a fault of its order alone. */
    private static Buffer utf8(String text) {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Buffer.buffer(text);
        }
        Buffer bytes = Buffer.buffer();
        Matcher half = LONE_SURROGATE.matcher(text);
        int from = 0;
        while (half.find()) {
            bytes.appendString(text.substring(from, half.start())).appendByte(NO_UTF8);
            from = half.end();
        }
        return bytes.appendString(text.substring(from));
    }

    private static Object like(Object body, Buffer json) {
        if (body instanceof Buffer) {
            return json;
        } else if (body instanceof String) {
            return json.toString();
        }
        return json.getByte(0) == '[' ? new JsonArray(json) : new JsonObject(json);
    }

    private static DeliveryOptions headers(JsonOrders.Answer answer) {
        DeliveryOptions options = new DeliveryOptions();
        return answer.retryAfterSeconds() == 0
                ? options
                : options.addHeader(RETRY_AFTER, Integer.toString(answer.retryAfterSeconds()));
    }

    /** Takes no more messages, answers those it has, and closes its dispatcher. */
    @Override
    public Future<?> stop() {
        Started ending = started;
        return ending == null
                ? Future.succeededFuture()
                : ending.consumer()
                        .unregister()
                        .eventually(() -> ending.orders().close());
    }
}
