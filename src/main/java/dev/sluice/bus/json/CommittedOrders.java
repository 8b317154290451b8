package dev.sluice.bus.json;

import dev.sluice.bus.Endpoint;
import dev.sluice.order.Order;
import dev.sluice.order.OrderJson;
import dev.sluice.order.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Publishes what PostgreSQL has committed at {@value #ADDRESS}: one message a batch and account, {@code
 * {"account","orders":[…]}}, each order as GET answers it. At most once: what is published while a follower is away is
 * not repeated. Where nothing follows on this node the message is never made, and it is sent to other nodes only while
 * something follows there. Owned by one event loop.
 */
final class CommittedOrders {

    static final String ADDRESS = Endpoint.COMMITTED;

    private static final DeliveryOptions THIS_NODE = new DeliveryOptions().setLocalOnly(true);

    /** One message, made when it is first delivered. */
    record Batch(String account, List<Order> orders, List<Long> committedAtMicros) {

        Buffer json() {
            OrderJson documents = new OrderJson();
            Buffer json = Buffer.buffer("{\"account\":\"").appendString(account).appendString("\",\"orders\":[");
            for (int i = 0; i < orders.size(); i++) {
                json.appendString(i == 0 ? "" : ",");
                json.appendBytes(documents.bytes(orders.get(i), "committed", committedAtMicros.get(i)));
            }
            return json.appendString("]}");
        }
    }

    /** A batch stays what it is; each follower makes JSON of it, on its own thread. It never leaves the node. */
    private static final class LocalCodec implements MessageCodec<Batch, Batch> {

        @Override
        public void encodeToWire(Buffer buffer, Batch batch) {
            throw new UnsupportedOperationException("published on this node alone");
        }

        @Override
        public Batch decodeFromWire(int at, Buffer buffer) {
            throw new UnsupportedOperationException("published on this node alone");
        }

        @Override
        public Batch transform(Batch batch) {
            return batch;
        }

        @Override
        public String name() {
            return "sluice.committed";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }

    private final EventBus bus;
    private final BooleanSupplier followedElsewhere;

    /**
     * On the bus of a node that {@link #register} was called for.
     *
     * @param followedElsewhere whether another node has a consumer; read for every batch
     */
    CommittedOrders(Vertx vertx, BooleanSupplier followedElsewhere) {
        this.bus = vertx.eventBus();
        this.followedElsewhere = followedElsewhere;
    }

    static void register(Vertx vertx) {
        vertx.eventBus().registerDefaultCodec(Batch.class, new LocalCodec());
    }

    /** Calls with every batch from now on, those of other nodes too, on the calling event loop. */
    static MessageConsumer<Object> follow(Vertx vertx, Consumer<Published> follower) {
        return vertx.eventBus().consumer(ADDRESS, message -> follower.accept(new Published(message.body())));
    }

    /** What was published, here or by another node. */
    record Published(Object body) {

        /** Whose orders these are. */
        String account() {
            return body instanceof Batch batch ? batch.account() : ((JsonObject) body).getString("account", "");
        }

        /** The message as others read it; made at each call. */
        Buffer json() {
            return body instanceof Batch batch ? batch.json() : ((JsonObject) body).toBuffer();
        }
    }

    /** A batch has these outcomes; those that were committed by it are published. */
    void settled(List<Order> orders, List<Outcome> outcomes) {
        Map<String, Batch> batches = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Committed committed) {
                Order order = orders.get(i);
                Batch batch = batches.computeIfAbsent(order.account(), CommittedOrders::batch);
                batch.orders().add(order);
                batch.committedAtMicros().add(committed.committedAtMicros());
            }
        }
        batches.values().forEach(this::publish);
    }

    private static Batch batch(String account) {
        return new Batch(account, new ArrayList<>(), new ArrayList<>());
    }

    private void publish(Batch batch) {
        if (followedElsewhere.getAsBoolean()) {
            bus.publish(ADDRESS, new JsonObject(batch.json()));
        } else {
            bus.publish(ADDRESS, batch, THIS_NODE);
        }
    }
}
