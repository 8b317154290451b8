package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.Readiness.Check;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private final Readiness readiness = new Readiness();

    @Test
    void aNewConditionDoesNotHold() {
        readiness.condition("postgres");
        assertFalse(readiness.isReady());
        assertEquals(
                List.of(new Check("draining", true, "ok"), new Check("postgres", false, "not known yet")),
                readiness.checks());
    }

    @Test
    void allConditionsMustHold() {
        readiness.condition("postgres").holds();
        assertTrue(readiness.isReady());
        readiness.condition("http").fails("not listening");
        assertFalse(readiness.isReady());
        readiness.condition("http").holds();
        assertTrue(readiness.isReady());
    }

    @Test
    void aConditionIsOneObjectForItsName() {
        assertSame(readiness.condition("postgres"), readiness.condition("postgres"));
    }

    @Test
    void drainingOutranksEverythingAndIsNotTakenBack() {
        readiness.condition("postgres").holds();
        readiness.drain();
        readiness.condition("postgres").holds();
        assertFalse(readiness.isReady());
        assertEquals(
                new Check("draining", false, "shutting down"),
                readiness.checks().get(0));
    }
}
