package dev.sluice.bus;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * One address on the event bus and what answers there: a writer, or the look-ups of a node. Every message gets a reply
 * or a failure. Owned by the event loop that opened it.
 */
public final class Endpoint {

    /** Where commits are published, for any language. */
    public static final String COMMITTED = "orders.committed";

    /** Header of a message that asks nothing. */
    private static final String APPROACH = "approach";

    private static final int FAILED = 500;

    /** The failure code of a message that could not be read: nothing was done for it. */
    static final int UNREADABLE = 400;

    private final Vertx vertx;
    private final MessageConsumer<?> consumer;

    /** The address of one writer instance; the node makes it unique in a cluster, whose sends know no local preference. */
    public static String ofWriter(String node, int instance) {
        return ofWriters(node) + instance;
    }

    /** How the addresses of one node's writers begin. */
    public static String ofWriters(String node) {
        return "sluice.writer." + node + ".";
    }

    /** The address at which one node answers others. */
    static String ofMember(String node) {
        return "sluice.member." + node;
    }

    /** The address of the look-ups of one node that reaches PostgreSQL. */
    public static String ofLookups(String node) {
        return "sluice.lookup." + node;
    }

    private Endpoint(Vertx vertx, MessageConsumer<?> consumer) {
        this.vertx = vertx;
        this.consumer = consumer;
    }

    /** Begins to consume; completes when messages to the address arrive here, from every node. */
    public static <Q, A> Future<Endpoint> open(Vertx vertx, String address, Function<Q, Future<A>> answers) {
        return opened(vertx, vertx.eventBus().<Q>consumer(address, message -> answer(message, answers)));
    }

    /** The same for messages of this node alone. */
    public static <Q, A> Future<Endpoint> openLocal(Vertx vertx, String address, Function<Q, Future<A>> answers) {
        return opened(vertx, vertx.eventBus().<Q>localConsumer(address, message -> answer(message, answers)));
    }

    /**
     * Has this node learn where an address is. The first message to an address waits for the cluster to tell, for seconds
     * where a member is frozen; later ones do not. What is sent is not answered.
     */
    public static void approach(Vertx vertx, String address) {
        vertx.eventBus().send(address, "", new DeliveryOptions().addHeader(APPROACH, ""));
    }

    private static Future<Endpoint> opened(Vertx vertx, MessageConsumer<?> consumer) {
        return consumer.completion().map(new Endpoint(vertx, consumer));
    }

    private static <Q, A> void answer(Message<Q> message, Function<Q, Future<A>> answers) {
        if (message.replyAddress() == null && message.headers().contains(APPROACH)) {
            return;
        }
        if ((Object) message.body() instanceof Wire.Unreadable unreadable) {
            message.fail(UNREADABLE, unreadable.reason());
            return;
        }
        answers.apply(message.body())
                .onSuccess(message::reply)
                .onFailure(error -> message.fail(FAILED, String.valueOf(error.getMessage())));
    }

    /**
     * Takes what senders that knew the address have sent until now, then consumes no more. A sender reads the address and
     * sends within one turn of its event loop, so the turns of all loops are waited for.
     */
    public Future<Void> close() {
        return turnsEnded().transform(ended -> consumer.unregister());
    }

    /** Completes behind what other loops gave the calling loop during those turns. */
    private Future<Void> turnsEnded() {
        List<Future<Void>> turns = new ArrayList<>();
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            turns.add(turnEnded(loop));
        }
        PromiseInternal<Void> here =
                ((VertxInternal) vertx).getOrCreateContext().promise();
        Future.join(turns).<Void>mapEmpty().onComplete(here);
        return here.future();
    }

    private static Future<Void> turnEnded(EventExecutor loop) {
        Promise<Void> ended = Promise.promise();
        try {
            loop.execute(ended::complete);
        } catch (RejectedExecutionException shutDown) {
            ended.fail(shutDown);
        }
        return ended.future();
    }
}
