package dev.sluice.cli;

import dev.sluice.config.Key;
import dev.sluice.config.KeySpec;
import dev.sluice.config.Schema;

/** Every key of the configuration as a YAML file to start from. */
final class SchemaYaml {

    private static final String HEAD = """
            # Every key of Sluice with its default, its unit and why one would change it.
            # Print it: sluice config schema. Use it: sluice serve --config conf/sluice.yaml
            # Stronger than this file: the environment (writer.batchMax is SLUICE_WRITER_BATCH_MAX), --set writer.batchMax=256.
            # Instances are a number, auto, or a factor per core such as 2x. A key without a value is not set.
            """;

    private SchemaYaml() {}

    /**
     * Every key at its default with its reason, as a YAML file; ends in a newline. {@code conf/sluice.yaml} is this
     * text, and {@code sluice config schema} prints it.
     */
    static String text() {
        StringBuilder yaml = new StringBuilder(HEAD);
        String section = "";
        for (KeySpec key : Schema.keys()) {
            if (!key.section().equals(section)) {
                yaml.append(heading(section, key.section()));
                section = key.section();
            }
            yaml.append(key(key));
        }
        Schema.families().forEach((family, each) -> yaml.append(ofItsOwn(family, each)));
        return yaml.toString();
    }

    /** Names a section that is not named yet; the keys after an inner section stand in the outer one again. */
    private static String heading(String before, String section) {
        int dot = section.lastIndexOf('.');
        if (dot < 0) {
            return before.startsWith(section + ".") ? "" : "\n" + section + ":\n" + families(section);
        }
        String outer = section.substring(0, dot);
        boolean isOpen = before.equals(outer) || before.startsWith(outer + ".");
        return (isOpen ? "" : heading(before, outer)) + "  ".repeat(depth(section)) + section.substring(dot + 1)
                + ":\n";
    }

    /** A family that is a whole section: its keys, commented out. */
    private static String ofItsOwn(String family, Key.Each each) {
        if (family.indexOf('.') >= 0) {
            return "";
        }
        StringBuilder section = new StringBuilder("\n" + family + ":\n  # " + each.why() + "\n  # NAME:\n");
        Schema.keysOf(family, "NAME").forEach(key -> section.append(key(key).replaceAll("(?m)^ {4}", "  #   ")));
        return section.toString();
    }

    private static String families(String section) {
        StringBuilder comments = new StringBuilder();
        Schema.families().forEach((family, each) -> {
            if (family.startsWith(section + ".")) {
                comments.append("  # ")
                        .append(family.substring(section.length() + 1))
                        .append(".NAME: ");
                comments.append(each.why()).append('\n');
            }
        });
        return comments.toString();
    }

    private static int depth(String section) {
        return (int) section.chars().filter(c -> c == '.').count();
    }

    private static String key(KeySpec key) {
        String indent = "  ".repeat(depth(key.section()) + 1);
        String comment = indent + "# " + key.key().why() + "\n";
        String allowed = key.allowed().isEmpty() ? "" : indent + "# " + key.allowed() + "\n";
        return comment + allowed + (indent + key.component() + ": " + key.key().def()).stripTrailing() + "\n";
    }
}
