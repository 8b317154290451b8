package dev.sluice.node.warmup;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
import dev.sluice.store.Deadline;
import dev.sluice.store.OrderStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The orders of a warm-up: their client, and the store in which they end. The client blocks its thread. The store calls
 * them committed in the next turn of the event loop, and keeps none; another client that found the port hears that its
 * order is not stored.
 */
final class WarmUpOrders implements OrderStore {

    /** Orders on one connection, sent at once. */
    static final int PIPELINED = 20;

    private static final String HOST = "127.0.0.1";
    private static final String STORED = "HTTP/1.1 201 ";
    private static final Outcome NOT_STORED = new Outcome.NotStored("this node is starting");

    /** In each of them, and known to no other client. */
    private final String customer = "warm-up-" + UUID.randomUUID();

    /** Sends the orders from that number on, over a connection of their own; how many of them were answered 201. */
    int send(int port, int from, int timeoutMs) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(timeoutMs);
            socket.getOutputStream().write(requests(from).getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answers.split(STORED, -1).length - 1;
        }
    }

    private String requests(int from) {
        StringBuilder requests = new StringBuilder();
        for (int number = from; number < from + PIPELINED; number++) {
            String body = body(number);
            requests.append("POST /orders HTTP/1.1\r\nHost: " + HOST + "\r\nUser-Agent: warm-up\r\nAccept: */*\r\n")
                    .append(number == from + PIPELINED - 1 ? "Connection: close\r\n" : "")
                    .append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n\r\n")
                    .append(body);
        }
        return requests.toString();
    }

    /** With and without what may be absent, of one to three items: code compiled for one shape is thrown away at another. */
    private String body(int number) {
        String key = number % 5 == 0 ? "" : "\"clientOrderId\":\"warm-up-" + number + "\",";
        String item = "{\"sku\":\"ABC-1\",\"quantity\":2,\"unitPrice\":\"12.50\"}";
        String attributes = number % 2 == 0 ? "" : ",\"attributes\":{\"channel\":\"web\"}";
        return "{" + key + "\"customerId\":\"" + customer + "\",\"currency\":\"EUR\",\"items\":[" + item
                + ("," + item).repeat(number % 3) + "]" + attributes + "}";
    }

    @Override
    public boolean isUp() {
        return true;
    }

    @Override
    public Future<List<Outcome>> insert(List<Order> batch, Deadline deadline) {
        Promise<List<Outcome>> promise = Promise.promise();
        Objects.requireNonNull(Vertx.currentContext(), "not on an event loop")
                .runOnContext(turn ->
                        promise.complete(batch.stream().map(this::outcome).toList()));
        return promise.future();
    }

    private Outcome outcome(Order order) {
        return order.customerId().equals(customer) ? new Outcome.Committed(order.acceptedAtMicros()) : NOT_STORED;
    }

    @Override
    public Future<Optional<StoredOrder>> find(String account, UUID id, Deadline deadline) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
