package dev.sluice.tune.search;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The values that are tried of a knob: powers of two, or of four for the size of a batch.
 *
 * @param cores processors that a node may use
 */
public record Ladder(int cores) {

    private static final int WRITERS_MAX = 8;
    private static final int IN_FLIGHT_MAX = 16;
    private static final int CONNECTIONS_MAX = 16;
    private static final int BATCH_MIN = 32;
    private static final int BATCH_MAX = 2_048;
    private static final int BATCH_FACTOR = 4;

    /** All of them, ascending. */
    public List<Integer> steps(Knob knob) {
        return switch (knob) {
            case HTTP_INSTANCES -> doubling(2 * cores);
            case WRITER_INSTANCES -> doubling(Math.max(WRITERS_MAX, cores));
            case CONNECTIONS -> doubling(CONNECTIONS_MAX);
            case IN_FLIGHT -> doubling(IN_FLIGHT_MAX);
            case BATCH ->
                Stream.iterate(BATCH_MIN, size -> size <= BATCH_MAX, size -> size * BATCH_FACTOR)
                        .toList();
            case EVENT_LOOPS -> List.of(Candidate.AUTO, Candidate.OTHER);
        };
    }

    private static List<Integer> doubling(int max) {
        return Stream.iterate(1, value -> value <= max, value -> value * 2).toList();
    }

    /** The next one above a value, which need not be one of them. */
    OptionalInt above(Knob knob, int value) {
        return steps(knob).stream()
                .mapToInt(Integer::intValue)
                .filter(step -> step > value)
                .min();
    }

    /** The next one below it. */
    OptionalInt below(Knob knob, int value) {
        return steps(knob).stream()
                .mapToInt(Integer::intValue)
                .filter(step -> step < value)
                .max();
    }
}
