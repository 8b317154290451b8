package dev.sluice.doctor;

import dev.sluice.doctor.Check.Verdict;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found, in two lists.
 *
 * @param start will it start and keep its promise?
 * @param speed will it be fast?
 */
public record Findings(List<Check> start, List<Check> speed) {

    public Findings {
        start = List.copyOf(start);
        speed = List.copyOf(speed);
    }

    /** A first list alone. */
    public static Findings ofStart(Check... checks) {
        return new Findings(List.of(checks), List.of());
    }

    /** A second list alone. */
    public static Findings ofSpeed(List<Check> checks) {
        return new Findings(List.of(), checks);
    }

    /** And those, after these. */
    public Findings and(Findings more) {
        return new Findings(joined(start, more.start), joined(speed, more.speed));
    }

    private static List<Check> joined(List<Check> first, List<Check> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** The worst verdict of both lists. */
    public Verdict worst() {
        return joined(start, speed).stream()
                .map(Check::verdict)
                .max(Verdict::compareTo)
                .orElse(Verdict.OK);
    }
}
