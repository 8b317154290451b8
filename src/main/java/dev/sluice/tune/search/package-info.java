/**
 * The search for the setting that takes the most orders on this machine: takes measurements, returns the next trial. Knows
 * no node, no generator and no clock; {@code tune} has them.
 *
 * <pre>
 * CoordinateSearch ──Trial──▶ tune measures ──Measurement──▶ CoordinateSearch ──▶ TuneResult
 *   START   the setting in force, then the defaults
 *   WALK    one knob at a time, up and down its Ladder            each setting by a RateSearch: the highest
 *   FINAL   the best ones again and again, in turn                rate that meets the SLO with nothing lost
 *   CURVE   the chosen one at several rates, for its Knee
 * </pre>
 */
@NullMarked
package dev.sluice.tune.search;

import org.jspecify.annotations.NullMarked;
