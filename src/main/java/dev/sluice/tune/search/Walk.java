package dev.sluice.tune.search;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which setting is worth measuring next, one knob at a time: up its ladder as long as that is better, else down. A step is
 * taken where it is better by more than the noise, or simpler and within the noise of the best of all. Again over all
 * knobs, as long as a step was taken.
 */
final class Walk {

    /** First what a running node can be told, which costs least; then what moves most. */
    private static final List<Knob> ORDER = List.of(
            Knob.HTTP_INSTANCES, Knob.WRITER_INSTANCES, Knob.BATCH, Knob.IN_FLIGHT, Knob.CONNECTIONS, Knob.EVENT_LOOPS);

    private static final int PASSES_MAX = 3;

    private final Ladder ladder;
    private final Found found;
    private Candidate at;
    private int knob;
    private boolean upwards = true;
    private boolean movedUpwards;
    private boolean movedInPass;
    private int passes = 1;

    /** What is known of settings so far. */
    interface Found {

        /** Whether it was measured. */
        boolean isKnown(Candidate candidate);

        /** Orders a second; 0 where none met the SLO. */
        double rate(Candidate candidate);

        /** The best of all. */
        double best();

        /** Shares below it are noise. */
        double margin();
    }

    Walk(Ladder ladder, Candidate from, Found found) {
        this.ladder = ladder;
        this.at = from;
        this.found = found;
    }

    /** The next setting to measure; the same until it is known. Empty where every step was looked at. */
    Optional<Candidate> next() {
        while (passes <= PASSES_MAX) {
            Optional<Candidate> proposed = proposed();
            if (proposed.isPresent() && !found.isKnown(proposed.get())) {
                return proposed;
            }
            if (proposed.isPresent() && isTaken(proposed.get())) {
                at = proposed.get();
                movedInPass = true;
                movedUpwards |= upwards;
            } else {
                turn();
            }
        }
        return Optional.empty();
    }

    private Optional<Candidate> proposed() {
        Knob moved = ORDER.get(knob);
        int value = at.get(moved);
        OptionalInt next = upwards ? ladder.above(moved, value) : ladder.below(moved, value);
        return next.isPresent() ? Optional.of(at.with(moved, next.getAsInt())) : Optional.empty();
    }

    private boolean isTaken(Candidate candidate) {
        double rate = found.rate(candidate);
        double noise = 1 + found.margin();
        boolean better = rate > found.rate(at) * noise;
        boolean simpler = Candidate.SIMPLEST_FIRST.compare(candidate, at) < 0;
        return better || (simpler && rate > 0 && rate * noise >= found.best());
    }

    /** The other direction, else the next knob, else all of them again. */
    private void turn() {
        if (upwards && !movedUpwards) {
            upwards = false;
            return;
        }
        upwards = true;
        movedUpwards = false;
        knob++;
        if (knob == ORDER.size()) {
            knob = 0;
            passes = movedInPass ? passes + 1 : PASSES_MAX + 1;
            movedInPass = false;
        }
    }
}
