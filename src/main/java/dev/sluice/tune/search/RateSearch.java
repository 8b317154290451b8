package dev.sluice.tune.search;

import java.util.OptionalLong;

/**
 * Looks for the highest rate that meets the SLO with one setting: up from a guess while it is met, down while it is not,
 * then between. A near miss is repeated once, so that one pause of the machine does not decide.
 */
final class RateSearch implements RateSource {

    /** Below so many orders a second there is no percentile to speak of. */
    static final long FLOOR = 20;

    /** What is found is at most so far, as a factor, below what was missed. */
    static final double PRECISION = 1.08;

    private static final double ACHIEVED_SHARE = 0.9;

    private final int trialsMax;
    private double step;
    private double down = PRECISION;
    private long rate;
    private long met;
    private long missed = Long.MAX_VALUE;
    private boolean repeated;
    private boolean broken;
    private int trials;

    /**
     * A search from a guess.
     *
     * @param guess orders a second
     * @param step the first factor upwards, above 1; it grows with each step, as the one downwards does
     * @param trialsMax after which the best so far is the result
     */
    RateSearch(long guess, double step, int trialsMax) {
        this.rate = Math.max(FLOOR, guess);
        this.step = step;
        this.trialsMax = trialsMax;
    }

    @Override
    public OptionalLong next() {
        return isOver() ? OptionalLong.empty() : OptionalLong.of(rate);
    }

    private boolean isOver() {
        boolean found = met > 0 && missed < Long.MAX_VALUE && missed <= met * PRECISION;
        return broken || found || missed <= FLOOR || trials >= trialsMax;
    }

    @Override
    public void add(Measurement measurement, Slo slo) {
        trials++;
        Measurement.Mark mark = measurement.mark(slo, rate);
        if (mark == Measurement.Mark.NEAR && !repeated) {
            repeated = true;
            return;
        }
        repeated = false;
        broken = measurement.broken() != null;
        if (mark == Measurement.Mark.MET) {
            met = rate;
        } else {
            missed = rate;
        }
        rate = next(measurement);
    }

    private long next(Measurement last) {
        if (missed == Long.MAX_VALUE) {
            long up = Math.round(met * step);
            step = step * step;
            return Math.max(met + 1, up);
        }
        if (met == 0) {
            double achieved = last.perSecond() > 0 ? last.perSecond() * ACHIEVED_SHARE : missed;
            double lower = Math.min(missed / down, achieved);
            down = down * down;
            return Math.max(FLOOR, Math.round(lower));
        }
        return Math.round(Math.sqrt((double) met * missed));
    }

    /** The highest rate that was met; 0 where none was. */
    @Override
    public long found() {
        return met;
    }
}
