package dev.sluice.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.load.LoadResult.Counts;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final long SECOND = 1_000_000_000L;

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
    void theJsonHasWhatScenariosRead() {
        JsonObject json = new JsonObject(ResultJson.of(Results.result(), List.of("expected errors=0, was 1.000"))
                .encode());
        assertTrue(json.getBoolean("valid"));
        assertEquals("open", json.getJsonObject("settings").getString("model"));
        assertEquals(Results.result().perSecond(), json.getDouble("perSecond"), 1e-4);
        assertEquals(1, json.getJsonObject("counts").getInteger("errors"));
        assertEquals(19.0, json.getJsonObject("latencyMs").getDouble("p99"));
        assertEquals(
                json.getString("timelineColumns").split(",").length,
                json.getJsonArray("timeline").getJsonArray(0).size());
        assertEquals(
                List.of("expected errors=0, was 1.000"),
                json.getJsonArray("missed").getList());
        JsonObject invalid = ResultJson.of(Results.nothing(), List.of());
        assertFalse(invalid.getBoolean("valid"));
        assertTrue(invalid.getString("invalid").contains("<slept>"));
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
