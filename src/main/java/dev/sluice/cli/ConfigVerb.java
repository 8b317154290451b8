package dev.sluice.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice config}: the verbs about the configuration. */
@Command(
        name = "config",
        description = "Check, show and describe the configuration.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        subcommands = {ConfigCheckVerb.class, ConfigShowVerb.class, ConfigSchemaVerb.class})
final class ConfigVerb implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(), "config what? check, show or schema");
    }
}
