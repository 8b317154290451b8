package dev.sluice.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node should get orders: named conditions that all must hold, and draining, which ends it for good.
 * Any thread may change or read it. The composition root names the conditions before the admin listener listens and
 * hands each to who knows about it; a condition does not hold until it is said to.
 */
public final class Readiness {

    private static final String DRAINING = "draining";
    private static final String OK = "ok";

    private final ConcurrentMap<String, Condition> conditions = new ConcurrentHashMap<>();
    private volatile boolean draining;

    /** One thing that must hold. */
    public static final class Condition {

        private volatile Check check;

        private Condition(String name) {
            check = new Check(name, false, "not known yet");
        }

        /** It holds from now on. */
        public void holds() {
            check = new Check(check.name(), true, OK);
        }

        /** It holds although something is wrong that a person should read; as {@link #holds()} where nothing is. */
        public void holdsDespite(@Nullable String trouble) {
            check = new Check(check.name(), true, trouble == null ? OK : trouble);
        }

        /** It does not hold, for a reason that a person reads. */
        public void fails(String reason) {
            check = new Check(check.name(), false, reason);
        }
    }

    /**
     * What one condition said last.
     *
     * @param ok whether it holds
     * @param detail why not, or what is wrong all the same; else {@code ok}
     */
    public record Check(String name, boolean ok, String detail) {}

    /** The condition of that name, the same one at each call; new ones do not hold yet. */
    public Condition condition(String name) {
        return conditions.computeIfAbsent(name, Condition::new);
    }

    /** First step of a shutdown: not ready from now on, whatever the conditions say. Not taken back. */
    public void drain() {
        draining = true;
    }

    /** Whether nothing drains and all conditions hold. */
    public boolean isReady() {
        return checks().stream().allMatch(Check::ok);
    }

    /** Draining first, then the conditions by name. */
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check(DRAINING, !draining, draining ? "shutting down" : OK));
        conditions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> checks.add(entry.getValue().check));
        return List.copyOf(checks);
    }
}
