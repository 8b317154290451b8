package dev.sluice.tune.search;

/**
 * What to measure next.
 *
 * @param rate orders offered a second
 * @param phase of the search
 */
public record Trial(Candidate candidate, long rate, Phase phase) {

    /** Parts of a search, in their order. */
    public enum Phase {
        START("where to start"),
        WALK("one knob at a time"),
        FINAL("the best ones in turn"),
        CURVE("the chosen one at several rates");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }
}
