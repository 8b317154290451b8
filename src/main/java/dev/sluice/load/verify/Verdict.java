package dev.sluice.load.verify;

import java.util.List;
import java.util.Map;

/**
 * What a verification found.
 *
 * @param sent orders that left, replays counted
 * @param unanswered of them, without an answer in the history
 * @param keys different client order ids
 * @param acknowledged entries answered 201 or 202
 * @param rows with the run's prefix
 * @param elsewhere orders of the run that are in the overflow or dead, and in no row
 * @param counts of each finding; empty where all is well
 * @param named the first {@link Verification#NAMED_MAX} of each finding: client order id and order id
 */
public record Verdict(
        long sent,
        long unanswered,
        long keys,
        long acknowledged,
        long rows,
        long elsewhere,
        Map<Finding, Long> counts,
        Map<Finding, List<String>> named) {

    /** The names that are kept of one finding. */
    public List<String> names(Finding finding) {
        return named.getOrDefault(finding, List.of());
    }

    /** Whether every promise was kept. */
    public boolean isClean() {
        return counts.isEmpty();
    }
}
