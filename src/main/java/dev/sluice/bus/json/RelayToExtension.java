package dev.sluice.bus.json;

import dev.sluice.metrics.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an extension's relay on its own event bus. What the extension sends to {@code orders.submit} and publishes
 * at its addresses is handed to the node, at most {@value #OPEN_MAX} messages at once: beyond it a message is refused
 * where it is sent, before it waits anywhere. Lives on the extension's event loop; an extension sends on its own threads.
 */
final class RelayToExtension extends VerticleBase {

    /** Messages handed to the node and not yet sent or answered. */
    static final int OPEN_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(RelayToExtension.class);
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;
    private static final int FAILED = 500;
    private static final DeliveryOptions COMMITS = new DeliveryOptions().setLocalOnly(true);

    private final String name;
    private final Set<String> published;
    private final RelayToNode node;
    private final CommitQueue commits;
    private final Followers followers;
    private final Counter dropped;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean pumping = new AtomicBoolean();

    RelayToExtension(
            String name,
            Set<String> published,
            RelayToNode node,
            CommitQueue commits,
            Followers followers,
            Counter dropped) {
        this.name = name;
        this.published = published;
        this.node = node;
        this.commits = commits;
        this.followers = followers;
        this.dropped = dropped;
    }

    @Override
    public Future<?> start() {
        vertx.eventBus().registerDefaultCodec(RelayedCommits.class, new RelayedCommits.Codec());
        vertx.eventBus().addOutboundInterceptor(this::sent);
        return vertx.eventBus().consumer(SubmitVerticle.ADDRESS, this::submit).completion();
    }

    /** Each message that leaves a verticle of the extension, on its thread. */
    private void sent(DeliveryContext<Object> delivery) {
        String address = delivery.message().address();
        if (address.equals(SubmitVerticle.ADDRESS)) {
            submitted(delivery);
            return;
        }
        if (published.contains(address) && !delivery.send()) {
            publish(address, delivery);
        }
        delivery.next();
    }

    private void submitted(DeliveryContext<Object> delivery) {
        if (!delivery.send()) {
            drop("an order that was published: send it, or request an answer");
        } else if (begins()) {
            handOver(delivery);
        } else {
            delivery.message()
                    .fail(UNAVAILABLE, "not_stored: " + OPEN_MAX + " messages of this extension wait for answers");
            drop("orders, as " + OPEN_MAX + " messages wait for answers");
        }
    }

    /** The bus copies what it brings, and does not answer for what it cannot copy. */
    private void handOver(DeliveryContext<Object> delivery) {
        try {
            delivery.next();
        } catch (RuntimeException noJson) {
            open.decrementAndGet();
            delivery.message().fail(BAD_REQUEST, "the body holds what is no JSON: " + noJson.getMessage());
        }
    }

    private void publish(String address, DeliveryContext<Object> delivery) {
        Object body = copied(delivery.body());
        if (body == null) {
            drop("a message at " + address + " that is neither JSON, text, number nor buffer");
        } else if (begins()) {
            node.publish(address, body, delivery.message().headers(), open::decrementAndGet);
        } else {
            drop("messages at " + address + ", as " + OPEN_MAX + " are not sent yet");
        }
    }

    private boolean begins() {
        if (open.incrementAndGet() <= OPEN_MAX) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    /** Null for what a bus cannot carry everywhere. */
    private static @Nullable Object copied(@Nullable Object body) {
        try {
            if (body instanceof JsonObject object) {
                return object.copy();
            } else if (body instanceof JsonArray array) {
                return array.copy();
            } else if (body instanceof Buffer buffer) {
                return buffer.copy();
            }
        } catch (IllegalStateException noJson) {
            LOG.debug("an extension publishes what is no JSON", noJson);
            return null;
        }
        return body instanceof String || body instanceof Number || body instanceof Boolean ? body : null;
    }

    private void submit(Message<Object> order) {
        node.submit(order.body(), order.headers()).onComplete(answer -> {
            open.decrementAndGet();
            run(() -> {
                if (answer.succeeded()) {
                    reply(order, answer.result());
                } else {
                    order.fail(
                            code(answer.cause()), String.valueOf(answer.cause().getMessage()));
                }
            });
        });
    }

    private static void reply(Message<Object> order, Message<Object> answer) {
        order.reply(answer.body(), new DeliveryOptions().setHeaders(answer.headers()));
    }

    /** As the node said; where nothing took the message, no order of it is stored. */
    private static int code(Throwable error) {
        if (error instanceof ReplyException refused) {
            return refused.failureCode() > 0 ? refused.failureCode() : UNAVAILABLE;
        }
        return FAILED;
    }

    /** Any thread. */
    void run(Runnable step) {
        context.runOnContext(ignored -> step.run());
    }

    /** What the node has committed, on a worker thread of the node; what the extension has no room for is dropped. */
    void committed(CommittedOrders.Published batch) {
        if (commits.mayHaveRoom() && commits.offer(batch.json())) {
            pump();
        } else {
            drop("commits, as it does not take them");
        }
    }

    /** Any thread, after anything that may let a message go on. */
    void pump() {
        if (pumping.compareAndSet(false, true)) {
            run(() -> {
                pumping.set(false);
                handOn();
            });
        }
    }

    private void handOn() {
        while (followers.haveRoom()) {
            Buffer next = commits.poll();
            if (next == null) {
                return;
            }
            vertx.eventBus().publish(CommittedOrders.ADDRESS, new RelayedCommits(next), COMMITS);
        }
        if (!followers.any()) {
            commits.clear();
        }
    }

    private synchronized void drop(String what) {
        dropped.increment();
        LOG.debug("extension {}: dropped {}", name, what);
    }
}
