package dev.sluice.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Function;

/** The writer's end of the bus: one address, one handler, a reply for every message. Lives on the writer's loop. */
public final class WriterEndpoint {

    private static final int WRITER_FAILED = 500;

    private final Vertx vertx;
    private final WriterDirectory directory;
    private final String address;
    private final MessageConsumer<OrderBatch> consumer;

    private WriterEndpoint(
            Vertx vertx, WriterDirectory directory, String address, MessageConsumer<OrderBatch> consumer) {
        this.vertx = vertx;
        this.directory = directory;
        this.address = address;
        this.consumer = consumer;
    }

    /** Begins to consume; dispatchers do not know of it before {@link #join()}. */
    public static Future<WriterEndpoint> open(
            Vertx vertx, WriterDirectory directory, String address, Function<OrderBatch, Future<OutcomeBatch>> writer) {
        MessageConsumer<OrderBatch> consumer = vertx.eventBus().consumer(address, message -> answer(message, writer));
        WriterEndpoint endpoint = new WriterEndpoint(vertx, directory, address, consumer);
        return consumer.completion().map(endpoint);
    }

    private static void answer(Message<OrderBatch> message, Function<OrderBatch, Future<OutcomeBatch>> writer) {
        writer.apply(message.body())
                .onSuccess(message::reply)
                .onFailure(error -> message.fail(WRITER_FAILED, String.valueOf(error.getMessage())));
    }

    /** Lets dispatchers know. */
    public void join() {
        directory.add(address);
    }

    /** Leaves the directory, takes what was sent here until then, and consumes no more. On the writer's loop. */
    public Future<Void> close() {
        directory.remove(address);
        return LoopTurns.ended(vertx).transform(ended -> consumer.unregister());
    }
}
