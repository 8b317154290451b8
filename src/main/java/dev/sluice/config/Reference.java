package dev.sluice.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The reference of all keys, as a YAML file that sets each to its default. {@code conf/sluice.yaml} is this text, and
 * {@code sluice config schema} prints it.
 */
public final class Reference {

    private static final String HEAD = """
            # Every key of Sluice with its default, its unit and why one would change it.
            # Print it: sluice config schema. Use it: sluice serve --config conf/sluice.yaml
            # Stronger than this file: the environment (writer.batchMax is SLUICE_WRITER_BATCH_MAX), --set writer.batchMax=256.
            # Instances are a number, auto, or a factor per core such as 2x. A key without a value is not set.
            """;

    private Reference() {}

    /** The file; ends in a newline. */
    public static String yaml() {
        return HEAD
                + Schema.keys().stream()
                        .map(KeySpec::section)
                        .distinct()
                        .map(Reference::section)
                        .collect(Collectors.joining());
    }

    private static String section(String section) {
        List<KeySpec> keys = Schema.keys().stream()
                .filter(key -> key.section().equals(section))
                .toList();
        return "\n" + section + ":\n" + keys.stream().map(Reference::key).collect(Collectors.joining());
    }

    private static String key(KeySpec key) {
        String comment = "  # " + key.key().why() + "\n";
        String allowed = key.allowed().isEmpty() ? "" : "  # " + key.allowed() + "\n";
        return comment + allowed + ("  " + key.component() + ": " + key.key().def()).stripTrailing() + "\n";
    }
}
