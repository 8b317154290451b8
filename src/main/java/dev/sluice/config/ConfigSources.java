package dev.sluice.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a configuration is made from, handed in.
 *
 * @param file YAML, or null for none
 * @param environment all variables; those beginning with {@code SLUICE_} are looked at
 * @param sets {@code key=value} each, the last one of a key wins
 * @param flags command line options that stand for a key; they win over everything
 */
public record ConfigSources(@Nullable Path file, Map<String, String> environment, List<String> sets, List<Flag> flags) {

    public ConfigSources {
        environment = Map.copyOf(environment);
        sets = List.copyOf(sets);
        flags = List.copyOf(flags);
    }

    /** Nothing but the defaults. */
    public static ConfigSources none() {
        return ofSets();
    }

    /** The defaults and some {@code key=value}. */
    public static ConfigSources ofSets(String... sets) {
        return new ConfigSources(null, Map.of(), List.of(sets), List.of());
    }

    /**
     * A command line option that stands for a key.
     *
     * @param option {@code --http-port}
     * @param key {@code http.port}
     */
    public record Flag(String option, String key, String value) {}
}
