package dev.sluice.load;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result that was kept: what {@code load http --json} printed, or what a scenario of {@code loadtest/} wrote, which
 * holds several under {@code runs}, each with a {@code label} and its {@code result}; a label may repeat.
 *
 * @param measures by label in the order of the file, then by name of the measure
 */
record ResultFile(Map<String, Map<String, Spread>> measures) {

    private static final String ONE_RUN = "run";
    private static final int AT_PER_SECOND = 1;
    private static final int AT_P50 = 4;
    private static final int AT_P99 = 5;

    /** Reads a file; an {@link IllegalArgumentException} where it is no result. */
    static ResultFile read(Path path) throws IOException {
        try {
            return of(new JsonObject(Files.readString(path)));
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException(path + " is no result of a load run: " + e.getMessage(), e);
        }
    }

    private static ResultFile of(JsonObject file) {
        Map<String, List<JsonObject>> byLabel = new LinkedHashMap<>();
        JsonArray runs = file.getJsonArray("runs");
        if (runs == null) {
            byLabel.put(ONE_RUN, List.of(file));
        } else {
            for (Object run : runs) {
                JsonObject labelled = (JsonObject) run;
                byLabel.computeIfAbsent(labelled.getString("label"), label -> new ArrayList<>())
                        .add(labelled.getJsonObject("result"));
            }
        }
        Map<String, Map<String, Spread>> measures = new LinkedHashMap<>();
        byLabel.forEach((label, results) -> measures.put(label, measures(results)));
        return new ResultFile(measures);
    }

    private static Map<String, Spread> measures(List<JsonObject> runs) {
        Map<String, Spread> measures = new LinkedHashMap<>();
        JsonArray timeline = runs.size() == 1 ? runs.get(0).getJsonArray("timeline", new JsonArray()) : new JsonArray();
        measures.put("orders/s", spread(runs, null, "perSecond", timeline, AT_PER_SECOND));
        measures.put("mean ms", spread(runs, "latencyMs", "mean", timeline, -1));
        measures.put("p50 ms", spread(runs, "latencyMs", "p50", timeline, AT_P50));
        measures.put("p99 ms", spread(runs, "latencyMs", "p99", timeline, AT_P99));
        measures.put("p99.9 ms", spread(runs, "latencyMs", "p99.9", timeline, -1));
        measures.put("max ms", spread(runs, "latencyMs", "max", timeline, -1));
        measures.put("errors", spread(runs, "counts", "errors", timeline, -1));
        return measures;
    }

    /** Over the runs; of one run alone, over its intervals where they have the measure. */
    private static Spread spread(
            List<JsonObject> runs, @Nullable String section, String name, JsonArray timeline, int column) {
        List<Double> values = runs.stream()
                .map(run -> (section == null ? run : run.getJsonObject(section)).getDouble(name))
                .toList();
        if (values.size() > 1 || column < 0 || timeline.isEmpty()) {
            return Spread.ofRuns(values);
        }
        List<Double> slices = timeline.stream()
                .map(row -> ((JsonArray) row).getDouble(column))
                .toList();
        return Spread.ofIntervals(values.get(0), slices);
    }
}
