package dev.sluice.tune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one knob does while the others stand: the settings that differ in it alone, in the order of its values.
 *
 * @param others the values of the other knobs
 */
public record KnobCurve(Knob knob, Map<Knob, Integer> others, List<Tried> points) {

    public KnobCurve {
        others = Map.copyOf(others);
        points = List.copyOf(points);
    }

    /** The curve through most settings; of as many, through the fastest one. Its points may be one, or none. */
    public static KnobCurve of(Knob knob, List<Tried> tried) {
        Map<Map<Knob, Integer>, TreeMap<Integer, Tried>> groups = new HashMap<>();
        for (Tried one : tried) {
            if (!one.rates().isEmpty()) {
                groups.computeIfAbsent(others(knob, one.candidate()), none -> new TreeMap<>())
                        .merge(one.candidate().get(knob), one, KnobCurve::faster);
            }
        }
        return groups.entrySet().stream()
                .max(Comparator.comparingInt((Map.Entry<Map<Knob, Integer>, TreeMap<Integer, Tried>> group) ->
                                group.getValue().size())
                        .thenComparingDouble(group -> best(group.getValue())))
                .map(group -> new KnobCurve(
                        knob, group.getKey(), new ArrayList<>(group.getValue().values())))
                .orElse(new KnobCurve(knob, Map.of(), List.of()));
    }

    /** Batches in flight take connections with them. */
    private static Map<Knob, Integer> others(Knob knob, Candidate candidate) {
        Map<Knob, Integer> others = new EnumMap<>(candidate.values());
        others.remove(knob);
        if (knob == Knob.IN_FLIGHT) {
            others.remove(Knob.CONNECTIONS);
        }
        return others;
    }

    private static Tried faster(Tried one, Tried other) {
        return one.median() >= other.median() ? one : other;
    }

    private static double best(Map<Integer, Tried> group) {
        return group.values().stream().mapToDouble(Tried::median).max().orElse(0);
    }
}
