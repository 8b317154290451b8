package dev.sluice.drain;

import dev.sluice.store.SimClock;

/** The drain's time on a clock that a test moves. */
record SimTime(SimClock clock) implements DrainLoop.Time {

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public long epochMs() {
        return clock.epochMs();
    }

    @Override
    public void after(long ms, Runnable action) {
        clock.after(ms, action);
    }
}
