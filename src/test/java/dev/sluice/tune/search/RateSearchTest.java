package dev.sluice.tune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateSearchTest {

    private static final Slo SLO = Slo.parse("p99=20ms");

    private final List<Long> asked = new ArrayList<>();

    private static Measurement measured(double perSecond, double latencyMs) {
        return new Measurement(perSecond, latencyMs, 0, false, null, null, Map.of());
    }

    private long search(RateSearch search, LongFunction<Measurement> machine) {
        while (search.next().isPresent()) {
            long rate = search.next().getAsLong();
            asked.add(rate);
            search.add(machine.apply(rate), SLO);
        }
        return search.found();
    }

    private static LongFunction<Measurement> capacity(long orders) {
        return rate -> rate <= orders ? measured((double) rate, 5) : measured((double) orders, 900);
    }

    @ParameterizedTest
    @CsvSource({"2000, 13000", "2000, 100", "13000, 13000", "40000, 13000", "2000, 250000", "12000, 13500"})
    void itComesCloseToTheCapacity(long guess, long capacity) {
        long found = search(new RateSearch(guess, 2, 20), capacity(capacity));
        assertTrue(found <= capacity && found * RateSearch.PRECISION >= capacity * 0.999, found + " after " + asked);
        assertTrue(asked.size() <= 14, asked::toString);
    }

    @Test
    void nearbyItTakesFewTrials() {
        long found = search(new RateSearch(13_000, 1.1, 7), capacity(13_200));
        assertTrue(found >= 13_000, asked::toString);
        assertTrue(asked.size() <= 4, asked::toString);
    }

    @Test
    void oneNearMissIsRepeatedAndASecondOneCounts() {
        RateSearch search = new RateSearch(1_000, 2, 20);
        search.add(measured(1_000, 30), SLO);
        assertEquals(1_000, search.next().orElseThrow(), "again");
        search.add(measured(1_000, 10), SLO);
        assertEquals(2_000, search.next().orElseThrow(), "it was met");
        search.add(measured(2_000, 30), SLO);
        search.add(measured(2_000, 30), SLO);
        assertTrue(search.next().orElseThrow() < 2_000);
    }

    @Test
    void aClearMissIsNotRepeated() {
        RateSearch search = new RateSearch(1_000, 2, 20);
        search.add(measured(1_000, 100), SLO);
        assertTrue(search.next().orElseThrow() < 1_000);
    }

    @Test
    void lostOrdersAreAMissHoweverQuickTheOthersAre() {
        Measurement lost = new Measurement(1_000, 1, 1, false, null, null, Map.of());
        assertEquals(Measurement.Mark.MISSED, lost.mark(SLO, 1_000));
        assertEquals("1 orders were not stored", lost.why(SLO, 1_000));
    }

    @Test
    void whatFallsBehindIsAMissHoweverQuickItsAnswersAre() {
        assertEquals(Measurement.Mark.MISSED, measured(900, 1).mark(SLO, 1_000));
        assertEquals("900 of 1,000 orders/s were acknowledged", measured(900, 1).why(SLO, 1_000));
    }

    @ParameterizedTest
    @CsvSource({"19.9, MET", "20, MET", "20.1, NEAR", "40, NEAR", "40.1, MISSED"})
    void theBoundIsMetAtItAndNearUpToTwice(double latencyMs, Measurement.Mark mark) {
        assertEquals(mark, measured(1_000, latencyMs).mark(SLO, 1_000));
    }

    @Test
    void aMissOfAClientThatWasBehindIsRepeatedAndWhatItMetAllTheSameIsMet() {
        Measurement missed = new Measurement(1_000, 90, 0, false, "the client was busy", null, Map.of());
        assertEquals(Measurement.Mark.NEAR, missed.mark(SLO, 1_000));
        assertEquals("p99 was 90.0 ms; the client was busy", missed.why(SLO, 1_000));
        Measurement met = new Measurement(1_000, 9, 0, false, "the client was busy", null, Map.of());
        assertEquals(Measurement.Mark.MET, met.mark(SLO, 1_000));
    }

    @Test
    void belowTheFloorItGivesUp() {
        assertEquals(0, search(new RateSearch(2_000, 2, 100), rate -> measured((double) rate, 100)));
        assertEquals(RateSearch.FLOOR, asked.get(asked.size() - 1));
        assertTrue(asked.size() < 14, asked::toString);
    }

    @Test
    void itsTrialsHaveABound() {
        search(new RateSearch(2_000, 1.0001, 7), rate -> measured((double) rate, 1));
        assertEquals(7, asked.size());
    }
}
