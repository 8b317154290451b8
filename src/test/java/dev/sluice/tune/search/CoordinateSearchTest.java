package dev.sluice.tune.search;

import static dev.sluice.tune.search.SimulatedMachine.DEFAULTS;
import static dev.sluice.tune.search.SimulatedMachine.MIS_SET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tune.search.TuneResult.End;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search on machines that are made up. */
class CoordinateSearchTest {

    private static final long FIVE_MINUTES = 300_000;

    /** Larger batches pay, up to a point; more than one writer, and more than two batches in flight, do not. */
    private static double ordinary(Candidate candidate) {
        double batches = Math.min(1, 0.1 + candidate.get(Knob.BATCH) / 512.0);
        double flights = candidate.get(Knob.IN_FLIGHT) == 1 ? 0.8 : 1;
        double writers = 1 / (1 + 0.05 * (candidate.get(Knob.WRITER_INSTANCES) - 1));
        double loops = candidate.placement().equals("apart") ? 0.9 : 1;
        return 20_000 * batches * flights * writers * loops;
    }

    private static Tried chosen(TuneResult result) {
        return Objects.requireNonNull(result.chosen());
    }

    @Test
    void fromTheDefaultsItFindsNothingWorse() {
        SimulatedMachine machine = new SimulatedMachine(CoordinateSearchTest::ordinary, 1);
        TuneResult result = machine.tune(DEFAULTS, FIVE_MINUTES);
        Candidate found = chosen(result).candidate();
        assertTrue(machine.truth(found) >= 0.92 * machine.truth(DEFAULTS), found::toString);
        assertTrue(chosen(result).rates().size() >= 2, "it was measured again, in turn with others");
        assertTrue(
                chosen(result).runs().stream().anyMatch(run -> run.trial().phase() == Trial.Phase.CURVE),
                "and at other rates");
    }

    @ParameterizedTest
    @ValueSource(longs = {120_000, FIVE_MINUTES, 600_000})
    void fromAMisSetNodeItFindsNineTenthsOfTheDefaults(long budgetMs) {
        SimulatedMachine machine = new SimulatedMachine(CoordinateSearchTest::ordinary, 2);
        TuneResult result = machine.tune(MIS_SET, budgetMs);
        Candidate found = chosen(result).candidate();
        assertTrue(machine.truth(found) >= 0.9 * machine.truth(DEFAULTS), found::toString);
        assertTrue(
                result.of(MIS_SET).orElseThrow().median() < 0.5 * chosen(result).median());
    }

    /** The defaults are measured too, so a start far off is not what the steps must climb from. */
    @Test
    void itClimbsToAPeakThatIsFarFromTheDefaults() {
        ToDoubleFunction<Candidate> peak = candidate -> 5_000
                * Math.min(4, candidate.get(Knob.WRITER_INSTANCES))
                * Math.min(2, candidate.get(Knob.HTTP_INSTANCES));
        SimulatedMachine machine = new SimulatedMachine(peak, 3);
        Candidate found = chosen(machine.tune(DEFAULTS, FIVE_MINUTES)).candidate();
        assertEquals(4, found.get(Knob.WRITER_INSTANCES));
        assertEquals(2, found.get(Knob.HTTP_INSTANCES));
    }

    /** More in flight without more connections would change nothing, and the step would never be taken. */
    @Test
    void batchesInFlightBringTheirConnections() {
        ToDoubleFunction<Candidate> ridge = candidate ->
                3_000 * Math.min(8, Math.min(candidate.get(Knob.IN_FLIGHT), candidate.get(Knob.CONNECTIONS)));
        Candidate found =
                chosen(new SimulatedMachine(ridge, 4).tune(DEFAULTS, 600_000)).candidate();
        assertEquals(8, found.get(Knob.IN_FLIGHT));
        assertTrue(found.get(Knob.CONNECTIONS) >= 8);
    }

    @Test
    void onAPlateauTheSimplestWins() {
        TuneResult result = new SimulatedMachine(candidate -> 10_000, 5).tune(DEFAULTS, 900_000);
        Tried chosen = chosen(result);
        assertEquals(Candidate.of(1, 1, 1, 1, 32, 1), chosen.candidate());
        assertEquals(End.SEARCHED, result.end());
    }

    @Test
    void beyondACliffNothingIsChosen() {
        ToDoubleFunction<Candidate> cliff = candidate -> candidate.get(Knob.BATCH) > 512 ? -1 : ordinary(candidate);
        TuneResult result = new SimulatedMachine(cliff, 6).tune(DEFAULTS, FIVE_MINUTES);
        assertTrue(chosen(result).candidate().get(Knob.BATCH) <= 512);
        Tried beyond = result.tried().stream()
                .filter(one -> one.candidate().get(Knob.BATCH) > 512)
                .findFirst()
                .orElseThrow();
        assertEquals(0, beyond.median());
        assertTrue(result.whyNot(beyond).contains("7 orders were not stored"), result.whyNot(beyond));
    }

    @Test
    void aSettingWithoutANodeIsRejectedAndTheSearchGoesOn() {
        ToDoubleFunction<Candidate> broken =
                candidate -> candidate.get(Knob.BATCH) > 512 ? Double.NaN : ordinary(candidate);
        TuneResult result = new SimulatedMachine(broken, 7).tune(DEFAULTS, FIVE_MINUTES);
        Tried rejected = result.tried().stream()
                .filter(one -> one.candidate().get(Knob.BATCH) > 512)
                .findFirst()
                .orElseThrow();
        assertEquals(1, rejected.runs().size(), "it is not tried at other rates");
        assertTrue(result.whyNot(rejected).contains("no node with"), result.whyNot(rejected));
        assertTrue(chosen(result).median() > 0);
    }

    @Test
    void withoutANodeToStartFromThereIsNoSearch() {
        TuneResult result = new SimulatedMachine(candidate -> Double.NaN, 8).tune(DEFAULTS, FIVE_MINUTES);
        assertEquals(End.NO_NODE, result.end());
        assertNull(result.chosen());
        assertEquals(1, result.tried().size());
    }

    @Test
    void anSloThatNothingMeetsIsSaidAfterTheDefaultsToo() {
        SimulatedMachine slow = new SimulatedMachine(CoordinateSearchTest::ordinary, 9).idleMs(50);
        TuneResult result = slow.tune(MIS_SET, FIVE_MINUTES);
        assertEquals(End.SLO_UNMET, result.end());
        assertNull(result.chosen());
        assertTrue(result.of(DEFAULTS).isPresent(), "both were tried");
        assertTrue(result.lastMiss(result.of(DEFAULTS).orElseThrow()).contains("p99 was 50"));
        assertTrue(slow.nowMs() < FIVE_MINUTES / 2, "and it ends at once");
    }

    @Test
    void aBudgetThatIsOverBeforeOneSettingIsMeasuredChoosesNone() {
        SimulatedMachine slow = new SimulatedMachine(CoordinateSearchTest::ordinary, 10).startMs(60_000);
        TuneResult result = slow.tune(DEFAULTS, Budget.TOTAL_MS_MIN);
        assertEquals(End.BUDGET_OVER, result.end());
        assertNull(result.chosen());
    }

    @Test
    void aBudgetForLittleMoreThanTheStartChoosesTheStart() {
        TuneResult result = new SimulatedMachine(CoordinateSearchTest::ordinary, 11).tune(DEFAULTS, 35_000);
        assertEquals(DEFAULTS, chosen(result).candidate());
        assertEquals(End.BUDGET_OVER, result.end());
    }

    @Test
    void whatIsStoppedKeepsTheBestSoFar() {
        SimulatedMachine machine = new SimulatedMachine(CoordinateSearchTest::ordinary, 12);
        TuneResult result = machine.tune(MIS_SET, FIVE_MINUTES, 100_000);
        assertEquals(End.STOPPED, result.end());
        assertTrue(chosen(result).median() >= result.of(DEFAULTS).orElseThrow().median() * 0.9);
    }

    /** The median of noise of 8 % a run; what is chosen is judged by the truth. */
    @Test
    void noiseDoesNotLeadItAstray() {
        int good = 0;
        for (int seed = 0; seed < 100; seed++) {
            SimulatedMachine machine = new SimulatedMachine(CoordinateSearchTest::ordinary, seed).noise(0.08);
            TuneResult result = machine.tune(seed % 2 == 0 ? DEFAULTS : MIS_SET, FIVE_MINUTES);
            double truth = machine.truth(chosen(result).candidate());
            assertTrue(
                    truth >= 0.6 * machine.truth(DEFAULTS),
                    "seed " + seed + ": " + chosen(result).candidate());
            good += truth >= 0.88 * machine.truth(DEFAULTS) ? 1 : 0;
        }
        assertTrue(good >= 90, good + " of 100");
    }

    @Test
    void whateverTheMachineItEndsWithinItsBudget() {
        Random random = new Random(13);
        for (int i = 0; i < 300; i++) {
            long budgetMs = Budget.TOTAL_MS_MIN + random.nextInt(600_000);
            SimulatedMachine machine = new SimulatedMachine(CoordinateSearchTest::ordinary, i)
                    .noise(random.nextDouble() / 5)
                    .startMs(random.nextInt(30_000));
            TuneResult result = machine.tune(i % 2 == 0 ? DEFAULTS : MIS_SET, budgetMs);
            assertTrue(machine.nowMs() <= budgetMs, machine.nowMs() + " of " + budgetMs);
            assertFalse(result.end() == End.STOPPED, "it ends by itself");
        }
    }

    @Test
    void theFinalistsAreMeasuredInTurn() {
        TuneResult result = new SimulatedMachine(candidate -> 10_000, 14).tune(DEFAULTS, 900_000);
        long finalists = result.tried().stream()
                .filter(one -> one.runs().stream().anyMatch(run -> run.trial().phase() == Trial.Phase.FINAL))
                .count();
        assertTrue(finalists >= 2, finalists + " finalists");
    }
}
