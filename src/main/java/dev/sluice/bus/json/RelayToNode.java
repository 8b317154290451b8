package dev.sluice.bus.json;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an extension's relay on the node's event bus: follows the commits, submits orders and publishes what the
 * extension publishes. It is deployed on a worker thread of its own, so that none of its work is done on an event loop of
 * the node. Its methods may be called on any thread; how much is outstanding is bounded by {@link ExtensionBus}.
 */
final class RelayToNode extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(RelayToNode.class);
    private static final int UNAVAILABLE = 503;

    private final Consumer<CommittedOrders.Published> committed;
    private volatile boolean joined;
    private volatile boolean left;
    private @Nullable MessageConsumer<Object> follower;

    /** @param committed takes each batch, on the worker thread */
    RelayToNode(Consumer<CommittedOrders.Published> committed) {
        this.committed = committed;
    }

    @Override
    public Future<?> start() {
        joined = true;
        return Future.succeededFuture();
    }

    /** Follows the commits from now on, or no longer: where nothing follows, none is made. */
    void follow(boolean wanted) {
        run(() -> {
            if (wanted && follower == null) {
                follower = CommittedOrders.follow(vertx, committed);
            } else if (!wanted && follower != null) {
                follower.unregister().onFailure(error -> LOG.debug("a relay does not leave the bus", error));
                follower = null;
            }
        });
    }

    /** The reply of {@code orders.submit} on this node, or its failure. */
    Future<Message<Object>> submit(Object body, MultiMap headers) {
        Promise<Message<Object>> answer = Promise.promise();
        boolean begun = run(() -> {
            try {
                DeliveryOptions options =
                        new DeliveryOptions().setHeaders(headers).setLocalOnly(true);
                vertx.eventBus()
                        .<Object>request(SubmitVerticle.ADDRESS, body, options)
                        .onComplete(answer);
            } catch (RuntimeException noMessage) {
                answer.fail(noMessage);
            }
        });
        if (!begun) {
            answer.fail(new ReplyException(
                    ReplyFailure.RECIPIENT_FAILURE, UNAVAILABLE, "not_stored: the node is stopping"));
        }
        return answer.future();
    }

    /** To all members of the cluster; {@code done} runs when it was sent or has failed. */
    void publish(String address, Object body, MultiMap headers, Runnable done) {
        boolean begun = run(() -> vertx.eventBus()
                .publisher(address, new DeliveryOptions().setHeaders(headers))
                .write(body)
                .onComplete(sent -> done.run()));
        if (!begun) {
            done.run();
        }
    }

    /** Nothing passes any more, and nothing is made for it. */
    void leave() {
        if (joined) {
            follow(false);
        }
        left = true;
    }

    private boolean run(Runnable step) {
        if (left) {
            return false;
        }
        try {
            context.runOnContext(ignored -> step.run());
            return true;
        } catch (RejectedExecutionException closed) {
            LOG.debug("the node has closed its event bus", closed);
            return false;
        }
    }
}
