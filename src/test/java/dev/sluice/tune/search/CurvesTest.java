package dev.sluice.tune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.load.LatencyMs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a search is shown by, and what it is asked by. */
class CurvesTest {

    private static Tried tried(Candidate candidate, long rate) {
        Tried tried = new Tried(candidate);
        tried.found(rate);
        return tried;
    }

    @Test
    void aKnobsCurveHoldsTheOthersStill() {
        Candidate base = SimulatedMachine.DEFAULTS;
        KnobCurve curve = KnobCurve.of(
                Knob.BATCH,
                List.of(
                        tried(base, 100),
                        tried(base.with(Knob.BATCH, 128), 90),
                        tried(base.with(Knob.BATCH, 2048), 80),
                        tried(base.with(Knob.HTTP_INSTANCES, 2).with(Knob.BATCH, 32), 300)));
        assertEquals(
                List.of(128, 512, 2048),
                curve.points().stream()
                        .map(one -> one.candidate().get(Knob.BATCH))
                        .toList());
        assertEquals(1, curve.others().get(Knob.HTTP_INSTANCES));
    }

    @Test
    void theCurveOfBatchesInFlightHasThoseWithMoreConnections() {
        Candidate base = SimulatedMachine.DEFAULTS;
        KnobCurve curve =
                KnobCurve.of(Knob.IN_FLIGHT, List.of(tried(base, 100), tried(base.with(Knob.IN_FLIGHT, 4), 110)));
        assertEquals(2, curve.points().size());
    }

    @Test
    void theKneeIsWhereLatencyBeginsToRise() {
        List<Knee.Point> points = List.of(
                new Knee.Point(1_000, 2),
                new Knee.Point(5_000, 2.5),
                new Knee.Point(8_000, 4),
                new Knee.Point(9_000, 30),
                new Knee.Point(10_000, 100));
        assertEquals(8_000, Knee.of(points).orElseThrow().rate());
        assertEquals(Optional.empty(), Knee.of(points.subList(0, 2)));
        assertEquals(
                Optional.empty(),
                Knee.of(List.of(new Knee.Point(1, 9), new Knee.Point(2, 5), new Knee.Point(3, 1))),
                "it falls");
    }

    @ParameterizedTest
    @CsvSource({"p99=20ms, p99, 20", "p99.9=1s, p99.9, 1000", "p50<500us, p50, 0.5", "max=2s, max, 2000"})
    void anSloIsAMeasureAndATime(String text, String measure, double boundMs) {
        assertEquals(new Slo(text, measure, boundMs), Slo.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p99", "p99=20", "p98=20ms", "p99=0ms", "rate=1000", "errors=0", "p99=20ms,errors=0", ""})
    void anythingElseIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> Slo.parse(text));
    }

    @Test
    void anSloReadsItsLatency() {
        LatencyMs latency = new LatencyMs(1, 2, 3, 4, 5, 6);
        assertEquals(1, Slo.parse("mean=1s").of(latency));
        assertEquals(2, Slo.parse("p50=1s").of(latency));
        assertEquals(3, Slo.parse("p90=1s").of(latency));
        assertEquals(4, Slo.parse("p99=1s").of(latency));
        assertEquals(5, Slo.parse("p99.9=1s").of(latency));
        assertEquals(6, Slo.parse("max=1s").of(latency));
    }

    @Test
    void ofCandidatesTheOneWithFewerPartsIsSimpler() {
        Candidate base = SimulatedMachine.DEFAULTS;
        for (Knob knob : Knob.values()) {
            Candidate more = base.with(knob, 2 * base.get(knob));
            assertTrue(Candidate.SIMPLEST_FIRST.compare(base, more) < 0, knob::toString);
        }
    }

    @Test
    void eventLoopsAreSharedByOneOfEachUnlessSaidOtherwise() {
        Candidate one = Candidate.of(1, 1, 2, 2, 512, Candidate.AUTO);
        Candidate more = one.with(Knob.HTTP_INSTANCES, 2);
        assertEquals(List.of("together", "apart"), List.of(one.placement(), more.placement()));
        Candidate other = one.with(Knob.EVENT_LOOPS, Candidate.OTHER);
        assertEquals(List.of("auto", "apart"), List.of(one.written(Knob.EVENT_LOOPS), other.written(Knob.EVENT_LOOPS)));
        assertTrue(!one.body().equals(more.body()), "where they lie is decided at the start");
        assertEquals(more.body(), more.with(Knob.HTTP_INSTANCES, 4).body());
    }

    @Test
    void aCandidateHasEveryKnob() {
        assertThrows(IllegalArgumentException.class, () -> new Candidate(java.util.Map.of(Knob.BATCH, 1)));
        assertThrows(IllegalArgumentException.class, () -> SimulatedMachine.DEFAULTS.with(Knob.BATCH, 0));
    }
}
