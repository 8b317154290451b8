package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice config}: the verbs about the configuration. */
@Command(
        name = "config",
        description = "Check, show and describe the configuration.",
        subcommands = {ConfigCheckVerb.class, ConfigShowVerb.class, ConfigSchemaVerb.class})
final class ConfigVerb extends VerbGroup {}
