package dev.sluice.admin;

import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verticle instances of a running node, as an operator sees and changes them. Any thread may call. */
public interface LiveInstances {

    /** What comes in instances. */
    enum Kind {
        HTTP,
        WRITER;

        /** As in requests and answers. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * All instances of one kind.
     *
     * @param configured as the configuration has it: a number, {@code auto} or {@code 2x}
     * @param configuredCount that many instances on this machine
     */
    record Group(String configured, int configuredCount, List<Instance> running) {

        public Group {
            running = List.copyOf(running);
        }
    }

    /**
     * One instance.
     *
     * @param name the label of its metrics
     * @param eventLoop name of the thread that it lives on, perhaps beside others
     * @param connections open ones; null for what has none
     */
    record Instance(String name, String eventLoop, @Nullable Integer connections) {}

    /**
     * A verticle that there is one of, beside those.
     *
     * @param name what it does
     */
    record Other(String name, String eventLoop) {}

    /** What runs now. */
    Map<Kind, Group> running();

    /** What runs beside, by name. */
    List<Other> others();

    /**
     * How many instances of a kind there may be.
     *
     * @param min 0 where other nodes can do its work
     */
    record Range(int min, int max) {

        boolean contains(int count) {
            return count >= min && count <= max;
        }

        @Override
        public String toString() {
            return min + ".." + max;
        }
    }

    /** How many of that kind this node may run. */
    Range allowed(Kind kind);

    /** Why this node cannot run so, although each number is allowed; empty where it can. */
    Optional<String> objection(Map<Kind, Integer> wanted);

    /**
     * Changes how many run, kinds that are not named stay as they are; completes when it is done. Fails with {@link
     * Busy} while another change is under way or the node leaves, otherwise with what hindered it, and then the kind
     * that was hindered is as before.
     */
    Future<Void> resize(Map<Kind, Integer> wanted);

    /** One change at a time. */
    final class Busy extends RuntimeException {

        private static final long serialVersionUID = 1;

        /** The message says what is under way. */
        public Busy(String message) {
            super(message, null, false, false);
        }
    }
}
