package dev.sluice.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {

    private static boolean met(String threshold) {
        return Threshold.parse(threshold).isMetBy(Results.result());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p99<20ms",
                "p99 <= 19ms",
                "p99.9<1s",
                "p50>900us",
                "max<=100ms",
                "mean=2ms",
                "errors=1",
                "errors==1",
                "errors<1%",
                "refused<=2%",
                "rate>=98",
                "late<5",
                "skipped=0"
            })
    void met(CharSequence threshold) {
        assertTrue(met(threshold.toString()), threshold.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"p99<19ms", "errors=0", "errors<0.1%", "rate>98", "max<99999us", "committed>=1000"})
    void aMissedThresholdIsNotMet(String threshold) {
        assertFalse(met(threshold));
    }

    @Test
    void aMissSaysWhatWas() {
        assertEquals(
                "expected p99<10ms, was 19.000 ms",
                Threshold.parse("p99<10ms").judge(Results.result()).line());
        assertEquals(
                "expected errors=0, was 1.000",
                Threshold.parse("errors=0").judge(Results.result()).line());
    }

    @Test
    void noLatencyIsKeptWhereNothingWasAcknowledged() {
        LoadResult nothing = Results.nothing();
        assertFalse(Threshold.parse("p99<1h".replace("1h", "9s")).isMetBy(nothing));
        assertTrue(Threshold.parse("errors<1%").isMetBy(nothing));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p99",
                "p99<",
                "p99<20",
                "p99<20%",
                "errors=0ms",
                "rate>5%",
                "p98<1ms",
                "errors!=0",
                "p99<-1ms"
            })
    void whatIsNoExpectation(String text) {
        assertThrows(IllegalArgumentException.class, () -> Threshold.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "60s,60000000000",
        "500ms,500000000",
        "250us,250000",
        "10m,600000000000",
        "1h,3600000000000",
        "90d,7776000000000000",
        "36500d,3153600000000000000",
        "1.5s,1500000000",
        "0s,0"
    })
    void durationsHaveUnits(String text, long nanos) {
        assertEquals(Duration.ofNanos(nanos), DurationText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "s", "60 s", "-1s", "1w", "1e3s", "1.s", "99999999999s", "36501d", "999999999h"})
    void whatIsNoDuration(String text) {
        assertThrows(IllegalArgumentException.class, () -> DurationText.parse(text));
    }
}
