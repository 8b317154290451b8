package dev.sluice.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private static String json(LoadResult result) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            ResultJson.members(json, result, List.of("expected errors=0, was 1.000"));
            json.writeEndObject();
        }
        return text.toString();
    }

    @Test
    void theTableHasWhatItMust() {
        String text = String.join("\n", ResultText.lines(Results.result()));
        for (String word : List.of(
                "offered",
                "acknowledged",
                "committed",
                "queued",
                "refused",
                "errors",
                "mean",
                "p50",
                "p90",
                "p99",
                "p99.9",
                "max",
                "late sends",
                "skipped",
                "schedule lag",
                "open model",
                "lost × 1")) {
            assertTrue(text.contains(word), word + " in\n" + text);
        }
        assertTrue(String.join("\n", ResultText.lines(Results.nothing())).contains("INVALID: the client <slept>"));
    }

    @Test
    void thePageNeedsNothingElse() {
        String page = HtmlReport.of(Results.result(), List.of("expected p99<1ms, was 19.000 ms"));
        assertFalse(page.contains("http://") && !page.contains("http://127.0.0.1:8080"), "only the target's URL");
        assertFalse(page.contains("<script") || page.contains("<link") || page.contains("src="), page);
        assertEquals(3, page.split("<svg ", -1).length - 1);
        assertTrue(page.contains("expected p99&lt;1ms"));
        assertTrue(HtmlReport.of(Results.nothing(), List.of()).contains("the client &lt;slept&gt;"));
    }

    @Test
    void jsonComesBackAsAComparison() throws IOException {
        Path a = Files.writeString(folder.resolve("a.json"), json(Results.result()));
        JsonObject faster = new JsonObject(json(Results.result())).put("perSecond", 200);
        faster.getJsonArray("timeline").getJsonArray(0).set(1, 199);
        faster.getJsonArray("timeline").getJsonArray(1).set(1, 201);
        Path b = Files.writeString(folder.resolve("b.json"), faster.encode());
        Comparison comparison = Comparison.of(a, b);
        assertEquals("better", verdict(comparison, "orders/s"));
        assertEquals("worse", verdict(Comparison.of(b, a), "orders/s"));
        assertEquals("same", verdict(comparison, "p99 ms"));
        assertTrue(
                comparison.text().get(1).contains("better"), comparison.text().toString());
    }

    @Test
    void repeatsGiveTheSpread() throws IOException {
        Path a = scenario("a.json", 100, 90, 110);
        Path b = scenario("b.json", 105, 95, 120);
        Comparison.Line line = Comparison.of(a, b).lines().get(0);
        assertEquals(new Spread(100, 90, 110), line.a());
        assertEquals("same", line.verdict());
        assertThrows(
                IllegalArgumentException.class, () -> Comparison.of(a, Files.writeString(folder.resolve("c"), "{}")));
    }

    private Path scenario(String name, double... rates) throws IOException {
        StringBuilder runs = new StringBuilder();
        for (double rate : rates) {
            String result = new JsonObject(json(Results.result()))
                    .put("perSecond", rate)
                    .encode();
            runs.append(runs.length() == 0 ? "" : ",")
                    .append("{\"label\":\"40\",\"result\":")
                    .append(result)
                    .append('}');
        }
        return Files.writeString(folder.resolve(name), "{\"runs\":[" + runs + "]}");
    }

    private static String verdict(Comparison comparison, String measure) {
        return comparison.lines().stream()
                .filter(line -> line.measure().equals(measure))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    @Test
    void theTallyKeepsAboutAHundredIntervals() {
        Tally tally = new Tally(0, 600 * SECOND);
        for (int second = 0; second <= 600; second++) {
            tally.rollTo(second * SECOND);
            tally.answered("201", 201, false, false);
            tally.latency(SECOND / 1_000);
        }
        assertEquals(120, tally.timeline().size());
        assertEquals(1, tally.timeline().get(7).perSecond(), 1e-9);
        assertEquals(601, tally.counts(0, 0).committed());
        assertEquals(1, tally.latency().p99(), 0.01);
    }

    @Test
    void whatTheTallyCallsAnError() {
        Tally tally = new Tally(0, SECOND);
        tally.answered("201", 201, true, false);
        tally.answered("202", 202, false, false);
        tally.answered("400:invalid_order", 400, false, true);
        tally.answered("201", 201, false, true);
        tally.answered("503:not_stored", 503, false, false);
        tally.answered("lost", 0, false, false);
        Counts counts = tally.counts(0, 0);
        assertEquals(3, counts.acknowledged());
        assertEquals(1, counts.queued());
        assertEquals(1, counts.refused());
        assertEquals(3, counts.errors(), "an invalid order that is acknowledged, unavailable, lost");
        assertEquals(1, counts.replayed());
    }
}
