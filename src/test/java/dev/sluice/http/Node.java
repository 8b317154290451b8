package dev.sluice.http;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.Server;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A whole node in this process, on ports of its own. */
public final class Node implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final Server server;

    private Node(Server server) {
        this.server = server;
    }

    /** On a database, with more keys as {@code key=value}. */
    public static Node start(String postgresUri, String... sets) throws Exception {
        String[] all = Stream.concat(
                        Stream.of(
                                "http.port=0",
                                "admin.port=0",
                                "shutdown.deadlineMs=6000",
                                "writer.deadlineMs=3000", // a busy machine starts slowly; who tests a deadline sets his
                                // own
                                "bus.deadlineMs=4000",
                                "postgres.uri=" + postgresUri),
                        Arrays.stream(sets))
                .toArray(String[]::new);
        return new Node(get(Server.start(SluiceConfig.of(all), Metrics.on("test"), "test")));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    public int port() {
        return server.httpPort();
    }

    public RawClient client() throws IOException {
        return new RawClient(server.httpPort());
    }

    public RawClient admin() throws IOException {
        return new RawClient(server.adminPort());
    }

    /** The value of one series, as {@code /metrics} shows it. */
    public double metric(String series) throws IOException {
        try (RawClient client = admin()) {
            return client.get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(series + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no series " + series));
        }
    }

    @Override
    public void close() {
        try {
            get(server.stop());
        } catch (Exception e) {
            throw new AssertionError("the node does not stop", e);
        }
    }
}
