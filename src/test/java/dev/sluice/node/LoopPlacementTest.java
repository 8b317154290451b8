package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig.Node.EventLoops;
import dev.sluice.node.LoopPlacement.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops are numbered from 0; Vert.x makes two for each core. */
class LoopPlacementTest {

    private record Start(List<Integer> writers, List<Integer> intakes, List<Integer> others) {}

    /** In the order in which a node starts them. */
    private static Start start(EventLoops wish, int loops, int intakes, int writers) {
        LoopPlacement placement = new LoopPlacement(wish, loops);
        Start start = new Start(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        place(placement, Role.WRITER, writers, start.writers(), intakes, writers);
        start.others().add(placement.place(Role.LOOKUP, intakes, writers));
        start.others().add(placement.place(Role.DRAIN, intakes, writers));
        place(placement, Role.INTAKE, intakes, start.intakes(), intakes, writers);
        start.others().add(placement.place(Role.SUBMIT, intakes, writers));
        start.others().add(placement.place(Role.BRIDGE, intakes, writers));
        return start;
    }

    private static void place(
            LoopPlacement placement, Role role, int count, List<Integer> loops, int intakes, int writers) {
        for (int i = 0; i < count; i++) {
            loops.add(placement.place(role, intakes, writers));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // cores, wish, intakes and writers, their loops, the others' loops
        "1, AUTO, 1, 1, '1', '1', '0 0 0 0'",
        "2, AUTO, 1, 1, '3', '3', '0 1 0 1'",
        "2, APART, 1, 1, '2', '3', '0 1 0 1'",
        "2, AUTO, 2, 1, '2 3', '3', '0 1 0 1'",
        "2, TOGETHER, 2, 1, '3 2', '3', '0 1 0 1'",
        "2, TOGETHER, 2, 2, '3 2', '3 2', '0 1 0 1'",
        "2, AUTO, 1, 0, '3', '', '0 1 0 1'",
        "2, AUTO, 0, 1, '', '3', '0 1 0 1'",
        "2, AUTO, 2, 0, '3 2', '', '0 1 0 1'",
        "2, AUTO, 4, 2, '3 2 3 2', '3 2', '0 1 0 1'",
        "4, AUTO, 2, 1, '6 5', '7', '0 1 2 3'",
        "4, AUTO, 1, 1, '7', '7', '0 1 2 3'",
        "16, AUTO, 8, 1, '30 29 28 27 26 25 24 23', '31', '0 1 2 3'",
    })
    void eachInstanceHasItsLoop(
            int cores,
            EventLoops wish,
            int intakes,
            int writers,
            String intakeLoops,
            String writerLoops,
            String others) {
        Start start = start(wish, 2 * cores, intakes, writers);
        assertEquals(numbers(intakeLoops), start.intakes(), "intakes");
        assertEquals(numbers(writerLoops), start.writers(), "writers");
        assertEquals(numbers(others), start.others(), "others");
    }

    private static List<Integer> numbers(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.split(" ", -1)).stream().map(Integer::valueOf).toList();
    }

    @Test
    void aSingleLoopServesAll() {
        assertEquals(new Start(List.of(0), List.of(0), List.of(0, 0, 0, 0)), start(EventLoops.AUTO, 1, 1, 1));
    }

    @ParameterizedTest
    @EnumSource(EventLoops.class)
    void nothingElseIsOnALoopOfLiveOrders(EventLoops wish) {
        for (int loops = 2; loops <= 64; loops++) {
            for (int intakes = 0; intakes <= 2 * loops; intakes += 1 + intakes / 3) {
                Start start = start(wish, loops, intakes, 1 + intakes / 2);
                Set<Integer> live = new HashSet<>(start.intakes());
                live.addAll(start.writers());
                live.retainAll(start.others());
                assertEquals(Set.of(), live, loops + " loops, " + intakes + " intakes");
            }
        }
    }

    /** Changes while it runs keep what holds at the start. */
    @Test
    void moreAndFewerInstancesStayOnTheLoopsOfLiveOrders() {
        LoopPlacement placement = new LoopPlacement(EventLoops.AUTO, 4);
        int writer = placement.place(Role.WRITER, 1, 1);
        int intake = placement.place(Role.INTAKE, 1, 1);
        assertEquals(writer, intake, "one of each");
        int second = placement.place(Role.INTAKE, 3, 1);
        assertEquals(2, second, "away from both");
        int third = placement.place(Role.INTAKE, 3, 1);
        assertTrue(third >= 2, "not beside the look-ups");
        placement.left(Role.INTAKE, third);
        placement.left(Role.INTAKE, second);
        assertEquals(2, placement.place(Role.INTAKE, 2, 1), "the free one again");
    }

    @Test
    void manyInstancesAreSpreadEvenly() {
        Start start = start(EventLoops.AUTO, 8, 12, 4);
        for (int loop : new TreeSet<>(start.intakes())) {
            long on = start.intakes().stream().filter(one -> one == loop).count()
                    + start.writers().stream().filter(one -> one == loop).count();
            assertEquals(4, on, "on loop " + loop);
        }
    }
}
