package dev.sluice.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Function;

/** The writer's end of the bus: one address, one handler, a reply for every message. Lives on the writer's loop. */
public final class WriterEndpoint {

    private static final int WRITER_FAILED = 500;

    private final WriterDirectory directory;
    private final String address;
    private final MessageConsumer<OrderBatch> consumer;

    private WriterEndpoint(WriterDirectory directory, String address, MessageConsumer<OrderBatch> consumer) {
        this.directory = directory;
        this.address = address;
        this.consumer = consumer;
    }

    /** Begins to consume, then lets dispatchers know. */
    public static Future<WriterEndpoint> open(
            Vertx vertx, WriterDirectory directory, String address, Function<OrderBatch, Future<OutcomeBatch>> writer) {
        MessageConsumer<OrderBatch> consumer = vertx.eventBus().consumer(address, message -> answer(message, writer));
        WriterEndpoint endpoint = new WriterEndpoint(directory, address, consumer);
        return consumer.completion().map(registered -> {
            directory.add(address);
            return endpoint;
        });
    }

    private static void answer(Message<OrderBatch> message, Function<OrderBatch, Future<OutcomeBatch>> writer) {
        writer.apply(message.body())
                .onSuccess(message::reply)
                .onFailure(error -> message.fail(WRITER_FAILED, String.valueOf(error.getMessage())));
    }

    /** Leaves the directory; orders already sent here are still taken until {@link #close()}. */
    public void leave() {
        directory.remove(address);
    }

    public Future<Void> close() {
        leave();
        return consumer.unregister();
    }
}
