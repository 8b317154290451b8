package dev.sluice.store;

/**
 * How full the overflow is.
 *
 * @param entries queued orders
 * @param oldestMillis when the oldest of them was queued, milliseconds since the epoch; 0 where there is none
 * @param deadLetters dead letters, tombstones not counted
 */
public record OverflowState(long entries, long oldestMillis, long deadLetters) {}
