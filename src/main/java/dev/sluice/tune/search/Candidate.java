package dev.sluice.tune.search;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One value for each knob: what a node may be set to.
 *
 * @param values whole numbers from 1, one for every knob
 */
public record Candidate(Map<Knob, Integer> values) {

    /** Fewer parts that run at once first; of as many, smaller batches. */
    public static final Comparator<Candidate> SIMPLEST_FIRST =
            Comparator.comparingLong(Candidate::parts).thenComparingInt(candidate -> candidate.get(Knob.BATCH));

    /** Event loops as the node shares them out by itself. */
    public static final int AUTO = 1;

    /** Event loops apart where it would have them together, and the other way round. */
    public static final int OTHER = 2;

    private static final String TOGETHER = "together";
    private static final String APART = "apart";

    public Candidate {
        Map<Knob, Integer> inOrder = new EnumMap<>(Knob.class);
        inOrder.putAll(values);
        values = Collections.unmodifiableMap(inOrder);
        if (values.size() != Knob.values().length || values.values().stream().anyMatch(value -> value < 1)) {
            throw new IllegalArgumentException("a value of 1 or more for each knob, not " + values);
        }
    }

    /** In the order of the knobs; the event loops as {@link #AUTO} or {@link #OTHER}. */
    public static Candidate of(int http, int writers, int connections, int inFlight, int batch, int loops) {
        return new Candidate(Map.of(
                Knob.HTTP_INSTANCES, http,
                Knob.WRITER_INSTANCES, writers,
                Knob.CONNECTIONS, connections,
                Knob.IN_FLIGHT, inFlight,
                Knob.BATCH, batch,
                Knob.EVENT_LOOPS, loops));
    }

    public int get(Knob knob) {
        return Objects.requireNonNull(values.get(knob));
    }

    /** With another value of one knob. More batches in flight bring a connection each, without which they would wait. */
    public Candidate with(Knob knob, int value) {
        Map<Knob, Integer> changed = new EnumMap<>(values);
        changed.put(knob, value);
        if (knob == Knob.IN_FLIGHT) {
            changed.merge(Knob.CONNECTIONS, value, Math::max);
        }
        return new Candidate(changed);
    }

    /**
     * What a running node cannot change: candidates that agree in it can share a node. Where instances lie is decided when
     * they start, so a change between one of each and more needs a new node too.
     */
    public String body() {
        return Arrays.stream(Knob.values())
                .filter(knob -> !knob.isLive())
                .map(knob -> knob == Knob.EVENT_LOOPS ? placement() : knob.key() + "=" + get(knob))
                .collect(Collectors.joining(" "));
    }

    /** {@code together} or {@code apart}: whether intakes and writers share event loops. */
    public String placement() {
        boolean oneOfEach = get(Knob.HTTP_INSTANCES) == 1 && get(Knob.WRITER_INSTANCES) == 1;
        return oneOfEach == (get(Knob.EVENT_LOOPS) == AUTO) ? TOGETHER : APART;
    }

    /** A value as a configuration has it. */
    public String written(Knob knob) {
        if (knob != Knob.EVENT_LOOPS) {
            return Integer.toString(get(knob));
        }
        return get(knob) == AUTO ? "auto" : placement();
    }

    private long parts() {
        long perWriter = 1L + get(Knob.CONNECTIONS) + get(Knob.IN_FLIGHT);
        return get(Knob.HTTP_INSTANCES) + get(Knob.WRITER_INSTANCES) * perWriter + get(Knob.EVENT_LOOPS);
    }

    /** {@code http.instances=1 writer.instances=1 …}. */
    @Override
    public String toString() {
        return values.keySet().stream()
                .map(knob -> knob.key() + "=" + written(knob))
                .collect(Collectors.joining(" "));
    }
}
