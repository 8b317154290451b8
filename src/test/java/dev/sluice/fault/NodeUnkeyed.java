package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.rig.Await;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** One client that sends orders without a client order id until it is stopped, and keeps the ids that it is given. */
final class NodeUnkeyed implements AutoCloseable {

    private static final Duration NEARLY = Duration.ofMinutes(10);

    private final int port;
    private final Set<String> ids = new HashSet<>();
    private final AtomicReference<Instant> accepted = new AtomicReference<>(Instant.EPOCH);
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private final Thread thread = new Thread(this::run, "unkeyed");
    private volatile boolean over;

    private NodeUnkeyed(int port) {
        this.port = port;
        thread.start();
    }

    static NodeUnkeyed start(int port) {
        return new NodeUnkeyed(port);
    }

    private void run() {
        try (OrderClient client = new OrderClient(port)) {
            while (!over) {
                hear(client.post(TestOrders.document(null, 1, "12.50")));
            }
        } catch (RuntimeException | AssertionError e) {
            trouble.set(e.toString());
        }
    }

    private void hear(Reply answer) {
        String id = answer.json().getString("id");
        if (answer.status() > 202 || !ids.add(id)) {
            throw new AssertionError(answer.status() + " and id " + id + ", which is new or not: " + answer.body());
        }
        accepted.set(Instant.parse(answer.json().getString("acceptedAt")));
    }

    /** Waits until the node's clock is off by about so much. */
    void awaitAcceptedAround(int hours) {
        Await.state("an order accepted " + hours + " h from now", () -> {
            Duration off = Duration.between(Instant.now().plus(Duration.ofHours(hours)), accepted.get());
            return off.abs().compareTo(NEARLY) < 0;
        });
    }

    void stop() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Each acknowledged order is one row, with an id of its own. */
    void assertEachIsARow(String postgresUri) {
        assertEquals("", trouble.get());
        Set<String> missing = new HashSet<>(ids);
        TestPostgres.execute(postgresUri, "select id::text from orders where client_order_id is null")
                .forEach(row -> missing.remove(row.getString(0)));
        assertEquals(Set.of(), missing, "acknowledged, and no row");
    }

    @Override
    public void close() {
        stop();
    }
}
