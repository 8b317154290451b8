package dev.sluice.fault;

import dev.sluice.rig.Await;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Large bulk requests on a few connections until it is stopped; remembers which orders were acknowledged. */
final class NodeBulk implements AutoCloseable {

    private static final int CLIENTS = 6;
    private static final int ORDERS = 8_000;
    private static final String LARGE = "{\"attributes\":{\"filler\":\"" + "x".repeat(700) + "\"},";
    private static final int LIMIT_MS = 30_000;

    private final int port;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private NodeBulk(int port) {
        this.port = port;
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(this::run, "bulk-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    static NodeBulk start(int port) {
        return new NodeBulk(port);
    }

    private void run() {
        while (!over) {
            try (OrderClient client = new OrderClient(port, LIMIT_MS)) {
                hear(client.bulk(request()));
            } catch (UncheckedIOException e) {
                lost.incrementAndGet();
                Await.pause("a client that tries again", 20);
            }
        }
    }

    private String[] request() {
        long number = requests.incrementAndGet();
        return IntStream.range(0, ORDERS)
                .mapToObj(i -> TestOrders.document("bulk" + number + "-" + i))
                .map(order -> LARGE + order.substring(1))
                .toArray(String[]::new);
    }

    private void hear(Reply answer) {
        if (answer.status() == 503) {
            refused.incrementAndGet();
        }
        answer.body().lines().filter(line -> line.contains("\"line\"")).forEach(line -> {
            JsonObject result = new JsonObject(line);
            if (result.getInteger("status") < 300) {
                acknowledged.add(result.getString("id"));
            }
        });
    }

    /** Requests answered 503 as a whole. */
    long refused() {
        return refused.get();
    }

    String summary() {
        return requests + " requests, " + refused + " refused, " + lost + " without an answer, " + acknowledged.size()
                + " orders acknowledged";
    }

    /** Acknowledged orders without a row, some of them. */
    List<String> lost(String postgresUri) {
        Set<String> missing = new HashSet<>(acknowledged);
        TestPostgres.execute(postgresUri, "select id::text from orders where client_order_id like 'bulk%'")
                .forEach(row -> missing.remove(row.getString(0)));
        return missing.stream().limit(5).toList();
    }

    void stop() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(LIMIT_MS);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
