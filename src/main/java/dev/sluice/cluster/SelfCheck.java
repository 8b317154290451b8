package dev.sluice.cluster;

import java.util.concurrent.TimeUnit;

/**
 * Decides what a node does when the cluster does not reach it: it subscribes anew at once, is not ready after {@value
 * #UNREADY_AFTER} findings in a row, and leaves when 30 s did not heal it. Pure; not thread safe.
 */
final class SelfCheck {

    static final int UNREADY_AFTER = 3;
    static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What to do after a finding. */
    enum Step {
        GO_ON,
        HEAL,
        /** As {@link #HEAL}, and get no orders meanwhile. */
        HEAL_UNREADY,
        LEAVE
    }

    private int failures;
    private long sinceNanos;

    /** A check that could tell has ended; one that could not is none. */
    Step found(boolean reached, long nowNanos) {
        if (reached) {
            failures = 0;
            return Step.GO_ON;
        }
        if (failures++ == 0) {
            sinceNanos = nowNanos;
        }
        if (nowNanos - sinceNanos >= LEAVE_NANOS) {
            return Step.LEAVE;
        }
        return failures >= UNREADY_AFTER ? Step.HEAL_UNREADY : Step.HEAL;
    }
}
