package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.cluster.SelfCheck.Step;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SelfCheckTest {

    private final SelfCheck check = new SelfCheck();
    private long nowNanos = -TimeUnit.SECONDS.toNanos(15);

    private Step after(long seconds, boolean reached) {
        nowNanos += TimeUnit.SECONDS.toNanos(seconds);
        return check.found(reached, nowNanos);
    }

    @Test
    void aNodeThatIsNotReachedHealsAtOnceAndIsNotReadyAtTheThirdFinding() {
        assertEquals(Step.GO_ON, after(1, true));
        assertEquals(Step.HEAL, after(1, false));
        assertEquals(Step.HEAL, after(1, false));
        assertEquals(Step.HEAL_UNREADY, after(1, false));
        assertEquals(Step.GO_ON, after(1, true));
        assertEquals(Step.HEAL, after(1, false));
    }

    @Test
    void itLeavesAtThirtySecondsNotBefore() {
        after(1, false);
        after(1, false);
        assertEquals(Step.HEAL_UNREADY, after(28, false));
        assertEquals(Step.LEAVE, after(1, false));
    }

    @Test
    void thirtySecondsCountFromTheFirstFindingInARow() {
        after(1, false);
        after(29, true);
        assertEquals(Step.HEAL, after(1, false));
        assertEquals(Step.HEAL, after(29, false));
        assertEquals(Step.LEAVE, after(1, false));
    }
}
