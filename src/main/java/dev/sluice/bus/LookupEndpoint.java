package dev.sluice.bus;

import dev.sluice.order.FoundOrder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The stores' end of a look-up. */
public final class LookupEndpoint {

    private static final int STORES_DID_NOT_ANSWER = 503;

    private LookupEndpoint() {}

    /** Begins to consume. */
    public static Future<Void> open(
            Vertx vertx, String address, Function<Lookup, Future<Optional<FoundOrder>>> lookup) {
        MessageConsumer<Lookup> consumer = vertx.eventBus().consumer(address, message -> answer(message, lookup));
        return consumer.completion();
    }

    private static void answer(Message<Lookup> message, Function<Lookup, Future<Optional<FoundOrder>>> lookup) {
        lookup.apply(message.body())
                .onSuccess(found -> message.reply(new Found(found.map(List::of).orElse(List.of()))))
                .onFailure(error -> message.fail(STORES_DID_NOT_ANSWER, error.getMessage()));
    }
}
