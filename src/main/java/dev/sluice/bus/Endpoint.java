package dev.sluice.bus;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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

    private static final int FAILED = 500;

    private final Vertx vertx;
    private final MessageConsumer<?> consumer;

    /** The address of one writer instance; the node makes it unique in a cluster, whose sends know no local preference. */
    public static String ofWriter(String node, int instance) {
        return "sluice.writer." + node + "." + instance;
    }

    /** The address of the look-ups of one node that reaches PostgreSQL. */
    public static String ofLookups(String node) {
        return "sluice.lookup." + node;
    }

    private Endpoint(Vertx vertx, MessageConsumer<?> consumer) {
        this.vertx = vertx;
        this.consumer = consumer;
    }

    /** Begins to consume; completes when messages to the address arrive here. */
    public static <Q, A> Future<Endpoint> open(Vertx vertx, String address, Function<Q, Future<A>> answers) {
        MessageConsumer<Q> consumer = vertx.eventBus().consumer(address, message -> answer(message, answers));
        return consumer.completion().map(new Endpoint(vertx, consumer));
    }

    private static <Q, A> void answer(Message<Q> message, Function<Q, Future<A>> answers) {
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
