package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** {@code sluice help load http}: what {@code sluice load http --help} prints. */
@Command(name = "help", description = "Say what a verb does and which options it has: sluice help load http")
final class HelpVerb extends Verb implements Runnable {

    @Parameters(paramLabel = "VERB", description = "with the verbs below it; none: all of sluice")
    List<String> path = new ArrayList<>();

    @Override
    public void run() {
        CommandLine found = commandLine().getCommandSpec().root().commandLine();
        for (String name : path) {
            found = below(found, name);
        }
        found.usage(out());
    }

    private static CommandLine below(CommandLine verb, String name) {
        CommandLine found = verb.getSubcommands().get(name);
        if (found == null) {
            throw new ParameterException(
                    verb, UsageErrors.noSuch("verb", name, verb.getSubcommands().keySet().stream()));
        }
        return found;
    }

    /** Runs the last verb of the line; with {@code --help} anywhere in it, prints that verb's help instead. */
    static final class Anywhere implements IExecutionStrategy {

        private final IExecutionStrategy last = new RunLast();

        @Override
        public int execute(ParseResult line) {
            List<CommandLine> verbs = line.asCommandLineList();
            CommandLine deepest = verbs.get(verbs.size() - 1);
            if (verbs.stream().anyMatch(CommandLine::isUsageHelpRequested)) {
                deepest.usage(deepest.getOut());
                return ExitCodes.OK;
            }
            return last.execute(line);
        }
    }
}
