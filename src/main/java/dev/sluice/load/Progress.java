package dev.sluice.load;

/**
 * How far a run is, for a person who watches.
 *
 * @param elapsedSeconds of the measured part; negative during warm-up
 * @param acknowledged orders of the measured part so far
 * @param errors the same
 * @param p99Ms the same
 */
public record Progress(double elapsedSeconds, long acknowledged, long errors, double p99Ms) {}
