package dev.sluice.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.tune.search.Budget;
import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.CoordinateSearch;
import dev.sluice.tune.search.Knob;
import dev.sluice.tune.search.Ladder;
import dev.sluice.tune.search.Measurement;
import dev.sluice.tune.search.Slo;
import dev.sluice.tune.search.Trial;
import dev.sluice.tune.search.TuneResult;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search leaves behind, and what its nodes are told. */
class TuneFilesTest {

    private static final Slo SLO = Slo.parse("p99=20ms");
    private static final Map<String, String> FACTS =
            Map.of("machine", "<two> cores\nof a kind", "command", "sluice tune");

    @TempDir
    Path folder;

    /** A machine of 8,000 orders/s, with a batch of 2,048 half of it. */
    private static TuneResult result() {
        Candidate defaults = ChildConfig.candidate(SluiceConfig.defaults(), 2);
        CoordinateSearch search = new CoordinateSearch(
                SLO, new Ladder(2), defaults.with(Knob.WRITER_INSTANCES, 2), defaults, Budget.of(900_000));
        long now = 0;
        Optional<Trial> trial = search.next(now);
        while (trial.isPresent()) {
            now += 4_000;
            search.add(measure(trial.get()), now);
            trial = search.next(now);
        }
        return search.result();
    }

    private static Measurement measure(Trial trial) {
        double capacity = trial.candidate().get(Knob.BATCH) > 512 ? 4_000 : 8_000;
        boolean over = trial.rate() > capacity;
        double latencyMs = over ? 100 : 2 / (1.01 - trial.rate() / capacity);
        return new Measurement(
                Math.min(capacity, (double) trial.rate()),
                latencyMs,
                0,
                over,
                null,
                null,
                Map.of("vert.x-eventloop-thread-0", 0.25));
    }

    @Test
    void theSettingIsAValidConfigurationThatSetsTheKnobsAlone() throws IOException {
        TuneResult result = result();
        Path file = folder.resolve("tuned.yaml");
        var chosen = Objects.requireNonNull(result.chosen());
        String text = TunedFile.of(result, chosen, "tuned.yaml", FACTS);
        Files.writeString(file, text);
        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(file, Map.of(), List.of(), List.of()));
        assertEquals(chosen.candidate(), ChildConfig.candidate(loaded.config(), 64), text);
        assertEquals(
                Knob.values().length,
                text.lines()
                        .filter(line -> line.matches("  [a-zA-Z]+: [a-z0-9]+"))
                        .count(),
                text);
        assertTrue(text.contains("# machine: <two> cores of a kind"), "a comment stays one line");
        assertTrue(text.contains("Nothing applies it by itself"), text);
    }

    @Test
    void theReportIsOneFileWithEveryPart() {
        TuneResult result = result();
        String page = TuneReport.of(result, FACTS);
        assertFalse(page.matches("(?s).*(<script|src=|<link|@import|url\\().*"), "it needs nothing else");
        for (String part : List.of(
                "What each knob does",
                "Throughput and latency",
                "Knee: ",
                "Event loops",
                "vert.x-eventloop-thread-0",
                "25 %",
                "Every setting that was measured",
                "Rejected trials",
                "ended early",
                "&lt;two&gt; cores")) {
            assertTrue(page.contains(part), () -> part + " is not in\n" + page);
        }
        for (Knob knob : Knob.values()) {
            assertTrue(page.contains(knob.label()), knob::label);
        }
    }

    @Test
    void theJsonHasWhatWasFoundAndWhyNot() {
        TuneResult result = result();
        JsonObject json = TuneJson.of(result, FACTS);
        assertEquals("searched", json.getString("end"));
        assertTrue(json.getDouble("perSecond") > 7_000, json::encodePrettily);
        assertEquals(2, json.getJsonObject("before").getInteger("writer.instances"));
        assertTrue(json.getJsonArray("tried").stream()
                .map(JsonObject.class::cast)
                .anyMatch(one -> one.getString("whyNot").contains("% below the chosen one")));
        assertTrue(new JsonObject(json.encode()).equals(json), "it is JSON all through");
    }

    @Test
    void itIsSaidWhatItIsBesideTheDefaultsAndTheSettingBefore() {
        TuneResult result = result();
        String verdict = String.join("\n", TuneText.verdict(result));
        assertTrue(verdict.contains("met p99=20ms with nothing lost"), verdict);
        assertTrue(verdict.contains("With the setting before it was"), verdict);
    }

    private LoadedConfig configured(String... sets) {
        return ConfigLoader.load(ConfigSources.ofSets(sets));
    }

    /** What it is told, as the node itself reads it. */
    private SluiceConfig child(LoadedConfig loaded, Candidate candidate) throws IOException {
        Path file = folder.resolve("node.yaml");
        Files.writeString(file, new ChildConfig(loaded, "postgresql://u:p%40@127.0.0.1:5/own").text(candidate));
        return ConfigLoader.load(new ConfigSources(file, Map.of(), List.of(), List.of()))
                .config();
    }

    @Test
    void aNodeIsToldTheKnobsAndKeepsTheUsersSpeedButNotTheUsersStores() throws IOException {
        Candidate candidate = Candidate.of(3, 4, 5, 6, 77, Candidate.OTHER);
        LoadedConfig loaded = configured(
                "postgres.uri=postgresql://u:secret@h/orders",
                "redis.uri=redis://:secret@h",
                "writer.fillMin=7",
                "http.host=0.0.0.0",
                "http.allowAnonymous=true",
                "admin.host=0.0.0.0",
                "admin.token=" + "t".repeat(32),
                "cluster.enabled=true",
                "bridge.enabled=true");
        SluiceConfig child = child(loaded, candidate);
        assertEquals(candidate, ChildConfig.candidate(child, 2));
        assertEquals(7, child.writer().fillMin());
        assertEquals("own", child.postgres().requiredUri().database());
        assertFalse(child.hasOverflow(), "the user's queue is not drained into a scratch database");
        assertEquals(
                List.of("127.0.0.1", "127.0.0.1"),
                List.of(child.http().host(), child.admin().host()));
        assertFalse(child.cluster().enabled() || child.bridge().enabled(), "it is alone");
        assertEquals(List.of(0, 0), List.of(child.http().port(), child.admin().port()));
    }

    @Test
    void aConfigurationIsReadAsItIsOnThisMachine() {
        SluiceConfig config = configured(
                        "http.instances=2x",
                        "writer.instances=3",
                        "postgres.poolSize=4",
                        "writer.inFlightMax=5",
                        "writer.batchMax=6",
                        "node.eventLoops=together")
                .config();
        assertEquals(Candidate.of(8, 3, 4, 5, 6, Candidate.OTHER), ChildConfig.candidate(config, 4));
    }
}
