package dev.sluice.config;

import java.util.List;

/** A configuration that a node refuses to start with: every problem at once, each saying where, what and what helps. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(String problem) {
        this(List.of(problem));
    }

    /** With at least one problem, in the order found. */
    public ConfigException(List<String> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each, without secrets. */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        if (problems.size() == 1) {
            return "bad configuration: " + problems.get(0);
        }
        return "bad configuration, " + problems.size() + " problems:\n  " + String.join("\n  ", problems);
    }
}
