package dev.sluice.fault;

import dev.sluice.embedded.TestPostgres;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Large bulk requests on a few connections until it is stopped; remembers which orders were acknowledged. */
final class NodeBulk implements AutoCloseable {

    private static final int CLIENTS = 6;
    private static final int ORDERS = 8_000;
    private static final String LARGE = "{\"attributes\":{\"filler\":\"" + "x".repeat(700) + "\"},";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private NodeBulk(int port) {
        uri = URI.create("http://127.0.0.1:" + port + "/orders/batch");
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
            try {
                hear(client.send(request(), HttpResponse.BodyHandlers.ofString()));
            } catch (IOException e) {
                lost.incrementAndGet();
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private HttpRequest request() {
        long number = requests.incrementAndGet();
        String body = IntStream.range(0, ORDERS)
                .mapToObj(i -> TestOrders.document("bulk" + number + "-" + i, 1, "12.50"))
                .map(order -> LARGE + order.substring(1))
                .collect(Collectors.joining("\n"));
        return HttpRequest.newBuilder(uri)
                .timeout(LIMIT)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private void hear(HttpResponse<String> answer) {
        if (answer.statusCode() == 503) {
            refused.incrementAndGet();
        }
        answer.body().lines().filter(line -> line.contains("\"line\"")).forEach(line -> {
            JsonObject result = new JsonObject(line);
            if (result.getInteger("status") < 300) {
                acknowledged.add(result.getString("id"));
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
                thread.join(LIMIT.toMillis());
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
