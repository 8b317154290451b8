package dev.sluice.node;

import dev.sluice.config.SluiceConfig.Node.EventLoops;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which event loop an instance gets. Half of the loops serve live orders, from the last one on; the other half serve
 * everything else, from the first one on, which is also where Vert.x puts what it places itself. So a look-up or the
 * drain never keeps a live order waiting, unless there is one loop only. In its half an instance gets the loop with the
 * fewest others. Not thread safe; time and threads are not its concern.
 */
final class LoopPlacement {

    /** What runs on an event loop. */
    enum Role {
        INTAKE,
        WRITER,
        LOOKUP,
        DRAIN,
        SUBMIT,
        BRIDGE;

        boolean isLive() {
            return this == INTAKE || this == WRITER;
        }
    }

    private final EventLoops wish;

    /** What runs on each loop. */
    private final List<Map<Role, Integer>> instances = new ArrayList<>();

    /** Places instances on so many loops, at least one. */
    LoopPlacement(EventLoops wish, int loops) {
        this.wish = wish;
        for (int i = 0; i < loops; i++) {
            instances.add(new EnumMap<>(Role.class));
        }
    }

    /**
     * The loop of the next instance, which counts from now on.
     *
     * @param intakes that are to run, this one included
     * @param writers that are to run, this one included
     */
    int place(Role role, int intakes, int writers) {
        boolean together = wish == EventLoops.TOGETHER || (wish == EventLoops.AUTO && intakes == 1 && writers == 1);
        int last = instances.size() - 1;
        int others = instances.size() / 2;
        int candidates = role.isLive() ? instances.size() - others : others;
        int best = role.isLive() ? last : 0;
        for (int i = 1; i < candidates; i++) {
            int loop = role.isLive() ? last - i : i;
            if (load(loop, role, together) < load(best, role, together)) {
                best = loop;
            }
        }
        instances.get(best).merge(role, 1, Integer::sum);
        return best;
    }

    /** Intakes and writers that share loops are spread each for itself, so that they meet. */
    private int load(int loop, Role role, boolean together) {
        Map<Role, Integer> running = instances.get(loop);
        return together && role.isLive()
                ? running.getOrDefault(role, 0)
                : running.values().stream().mapToInt(count -> count).sum();
    }

    /** An instance has ended. */
    void left(Role role, int loop) {
        instances.get(loop).merge(role, -1, Integer::sum);
    }
}
