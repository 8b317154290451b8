package dev.sluice.lookup;

import dev.sluice.store.DeadLetters;
import dev.sluice.store.OrderStore;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;

/** The places that an order can be in. */
public record LookupStores(OrderStore store, OverflowQueue overflow, DeadLetters deadLetters) {

    Future<Void> close() {
        return Future.join(store.close(), overflow.close(), deadLetters.close()).mapEmpty();
    }
}
