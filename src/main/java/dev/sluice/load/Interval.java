package dev.sluice.load;

/**
 * A slice of the measured part of a run, by the time of the answers.
 *
 * @param atSeconds its start, from the start of the measured part
 * @param perSecond orders acknowledged a second
 * @param errors orders
 * @param p50Ms of acknowledged requests; 0 where there was none, so for the next two
 */
public record Interval(
        double atSeconds, double perSecond, long refused, long errors, double p50Ms, double p99Ms, double maxMs) {}
