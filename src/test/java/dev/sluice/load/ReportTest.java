package dev.sluice.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.Threshold.Judgement;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
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

    private static final List<Judgement> JUDGED = List.of(
            new Judgement(false, "expected p99<1ms, was 19.000 ms"),
            new Judgement(true, "expected rate>=90, was 98.000"));

    @Test
    void thePageNeedsNothingElse() {
        String page = HtmlReport.of(Results.result(), JUDGED, Map.of("command", "sluice load <http>"));
        assertFalse(page.replace("http://127.0.0.1:8080", "").contains("://"), "only the target's URL");
        assertFalse(page.contains("<script") || page.contains("<link") || page.contains("src="), page);
        assertEquals(3, page.split("<svg class=\"plot\"", -1).length - 1);
        assertTrue(HtmlReport.of(Results.nothing(), List.of(), Map.of()).contains("the client &lt;slept&gt;"));
    }

    @Test
    void thePageSaysWhatWasMetWhatWasMissedAndWhatItWas() {
        String page = HtmlReport.of(Results.result(), JUDGED, Map.of("command", "sluice load <http>"));
        assertTrue(page.contains("✗ missed: expected p99&lt;1ms"), page);
        assertTrue(page.contains("✓ met: expected rate&gt;=90"), page);
        assertTrue(page.contains("<dt>command</dt><dd>sluice load &lt;http&gt;</dd>"), page);
        assertTrue(HtmlReport.of(Results.nothing(), List.of(), Map.of()).contains("Interrupted: 0 s of 10 s"));
    }

    /** Answers reach the end of the last interval, though it was cut, and each kind has a swatch. */
    @Test
    void thePlotsReachTheEndOfTheRun() {
        String page = HtmlReport.of(Results.result(), List.of(), Map.of());
        String committed = page.substring(page.indexOf("<path class=\"committed area\""));
        assertTrue(committed.contains("L1000.0,"), committed);
        for (String kind : List.of("committed", "queued", "refused", "errors", "p50", "p99", "max")) {
            assertTrue(page.contains("<li class=\"" + kind + "\"><i></i><span>" + kind), kind);
        }
        for (String kind : List.of("queued", "refused", "errors")) {
            assertTrue(page.contains("<div class=\"band " + kind + "\"><b>" + kind), kind);
        }
        assertTrue(page.contains("1 s: 9 queued"), "an interval of the band says what was in it");
    }

    @Test
    void latencyHasALogarithmicScale() {
        assertEquals(
                List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
                Plot.Scale.logarithmic(1, 99).ticks());
        assertEquals(
                List.of(0.1, 1.0, 10.0, 100.0, 1000.0),
                Plot.Scale.logarithmic(0.2, 640).ticks());
        assertEquals(0.5, Plot.Scale.logarithmic(1, 100).at(10), 1e-9);
        assertEquals(
                List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0),
                Plot.Scale.linear(97).ticks());
    }

    @Test
    void theJsonHasWhatScenariosRead() {
        JsonObject json = new JsonObject(ResultJson.of(Results.result(), JUDGED).encode());
        assertTrue(json.getBoolean("valid"));
        assertEquals("open", json.getJsonObject("settings").getString("model"));
        assertEquals(Results.result().perSecond(), json.getDouble("perSecond"), 1e-4);
        assertEquals(1, json.getJsonObject("counts").getInteger("errors"));
        assertEquals(19.0, json.getJsonObject("latencyMs").getDouble("p99"));
        assertEquals(
                json.getString("timelineColumns").split(",").length,
                json.getJsonArray("timeline").getJsonArray(0).size());
        assertEquals(
                List.of("expected p99<1ms, was 19.000 ms"),
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
        assertEquals(120, tally.timeline(600 * SECOND).size());
        assertEquals(1, tally.timeline(600 * SECOND).get(7).perSecond(), 1e-9);
        assertEquals(601, tally.counts(0, 0).committed());
        assertEquals(1, tally.latency().p99(), 0.01);
    }

    @Test
    void theTallyKeepsTheBegunIntervalToo() {
        Tally tally = new Tally(0, 2 * SECOND + SECOND / 2);
        for (int half = 0; half < 5; half++) {
            tally.rollTo(half * SECOND / 2);
            tally.answered("202", 202, false, false);
        }
        List<LoadResult.Interval> timeline = tally.timeline(2 * SECOND + SECOND / 2);
        assertEquals(3, timeline.size());
        assertEquals(0.5, timeline.get(2).seconds());
        assertEquals(1, timeline.get(2).queued());
        assertEquals(2, timeline.get(2).perSecond(), 1e-9);
        assertEquals(2, tally.timeline(2 * SECOND).size(), "one that did not begin is none");
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
