package dev.sluice.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sluice completion}: a script for bash and zsh. */
@Command(name = "completion", description = "Print a completion script for bash and zsh: source <(sluice completion)")
final class CompletionVerb extends Verb implements Runnable {

    @Override
    public void run() {
        CommandLine self = commandLine();
        CommandLine root = self.getCommandSpec().root().commandLine();
        self.getOut().print(AutoComplete.bash("sluice", root));
        self.getOut().flush();
    }
}
