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

    /** What can be wrong with an order. */
    public enum Finding {
        /** Acknowledged, and not where it must be. */
        LOST("acknowledged and not there"),
        /** Under one client order id and in two rows. */
        DOUBLED("in two rows"),
        /** Stored with content that was never sent under its key, or that its own fingerprint denies. */
        CHANGED("stored with other content than was sent"),
        /** A row with the run's prefix that the run never sent. */
        NEVER_SENT("there and never sent"),
        /** Only ever refused, and there all the same. */
        REFUSED_BUT_STORED("only ever refused and there all the same"),
        /** Answered with one id and stored under another, or stored under an id that is not its key's. */
        OTHER_ID("stored under another id than was answered"),
        /** No valid order, and acknowledged. */
        INVALID_ACKNOWLEDGED("no valid order and acknowledged");

        private final String text;

        Finding(String text) {
            this.text = text;
        }

        /** For a person, after a count. */
        public String text() {
            return text;
        }
    }
}
