package dev.sluice.http;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.TestPostgres;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.Server;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A whole node in this JVM, on free ports, over a fresh database. Every method blocks. */
final class RunningNode implements AutoCloseable {

    private static final long LIMIT_SECONDS = 40;

    private final Server server;
    private final Metrics metrics;

    private RunningNode(Server server, Metrics metrics) {
        this.server = server;
        this.metrics = metrics;
    }

    static RunningNode start(String... sets) {
        return startOn(TestPostgres.freshDatabase(), sets);
    }

    static RunningNode startOn(String postgresUri, String... sets) {
        List<String> all = new ArrayList<>(List.of("http.port=0", "admin.port=0", "postgres.uri=" + postgresUri));
        all.addAll(List.of(sets));
        Metrics metrics = Metrics.on("test");
        SluiceConfig config = SluiceConfig.of(all.toArray(String[]::new));
        return new RunningNode(await(Server.start(config, metrics, "test")), metrics);
    }

    int port() {
        return server.httpPort();
    }

    int adminPort() {
        return server.adminPort();
    }

    /** The value of a series as a scrape shows it, its labels included in the name; summed over series. */
    double metric(String series) {
        return Stream.of(metrics.scrape().split("\n"))
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        await(server.stop());
        metrics.close();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
