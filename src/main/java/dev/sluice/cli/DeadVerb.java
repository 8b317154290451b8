package dev.sluice.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice dead}: queued orders that PostgreSQL will never take. */
@Command(
        name = "dead",
        description = "List, replay or discard the dead letters of a running node.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        subcommands = {DeadListVerb.class, DeadReplayVerb.class, DeadDiscardVerb.class})
final class DeadVerb implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(), "dead what? list, replay or discard");
    }
}
