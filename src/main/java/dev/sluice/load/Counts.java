package dev.sluice.load;

/**
 * What became of the orders of the measured part of a run.
 *
 * @param offered sent
 * @param acknowledged answered 201 or 202
 * @param committed answered 201
 * @param queued answered 202
 * @param refused answered 4xx, as invalid orders should be
 * @param errors answered otherwise, not at all, or acknowledged though invalid
 * @param replayed acknowledged as a replay of an earlier request
 * @param late requests that left more than 1 ms after their time
 * @param skipped orders that never left, as they had fallen 5 s behind
 */
public record Counts(
        long offered,
        long acknowledged,
        long committed,
        long queued,
        long refused,
        long errors,
        long replayed,
        long late,
        long skipped) {}
