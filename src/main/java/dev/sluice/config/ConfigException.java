package dev.sluice.config;

import java.util.List;

/** A configuration that a node refuses to start with: every problem at once, each saying where, what and what helps. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;
    private final List<String> warnings;

    public ConfigException(String problem) {
        this(List.of(problem), List.of());
    }

    /**
     * With all that was found, in that order.
     *
     * @param problems at least one
     * @param warnings what would not have stopped a start
     */
    public ConfigException(List<String> problems, List<String> warnings) {
        super(message(problems));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /** One line each, without secrets. */
    public List<String> problems() {
        return problems;
    }

    /** One line each: variables that look like ours and are not. */
    public List<String> warnings() {
        return warnings;
    }

    private static String message(List<String> problems) {
        if (problems.size() == 1) {
            return "bad configuration: " + problems.get(0);
        }
        return "bad configuration, " + problems.size() + " problems:\n  " + String.join("\n  ", problems);
    }
}
