package dev.sluice.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice completion}: a script for bash and zsh. */
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh: source <(sluice completion)",
        mixinStandardHelpOptions = true)
final class CompletionVerb implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        CommandLine self = Objects.requireNonNull(spec, "set by picocli").commandLine();
        CommandLine root = self.getCommandSpec().root().commandLine();
        self.getOut().print(AutoComplete.bash("sluice", root));
        self.getOut().flush();
    }
}
