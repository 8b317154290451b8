package dev.sluice.load;

import dev.sluice.load.LoadResult.Client;
import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.LoadResult.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Results that no run made. */
final class Results {

    static final LoadSettings SETTINGS = new LoadSettings(
            "http://127.0.0.1:8080", 40, Duration.ofSeconds(1), Duration.ofSeconds(10), 100, 1, 0.05, 0.01);

    private static final Client CLIENT = new Client(10, 0.2, 0.03, 0.5, 1.5, 0);

    private Results() {}

    static LoadResult result() {
        return new LoadResult(
                SETTINGS,
                "ltest",
                Instant.EPOCH,
                10,
                new Counts(1_000, 980, 980, 0, 19, 1, 50, 4, 0),
                new LatencyMs(2, 1, 5, 19, 60, 100),
                new TreeMap<>(java.util.Map.of("201", 980L, "400:invalid_order", 19L, "lost", 1L)),
                List.of(new LatencyMs.Point(0, 0.5), new LatencyMs.Point(50, 1), new LatencyMs.Point(99, 19)),
                List.of(new Interval(0, 1, 97, 0, 2, 0, 1, 18, 40), new Interval(1, 0.5, 40, 9, 2, 1, 1, 20, 100)),
                CLIENT,
                false,
                null);
    }

    static LoadResult nothing() {
        return new LoadResult(
                SETTINGS,
                "ltest",
                Instant.EPOCH,
                0,
                new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0),
                new LatencyMs(0, 0, 0, 0, 0, 0),
                new TreeMap<>(),
                List.of(),
                List.of(),
                CLIENT,
                true,
                "the client <slept>");
    }
}
