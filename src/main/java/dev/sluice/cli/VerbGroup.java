package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** A verb that only has verbs below it; alone it is a usage error that names them. */
@Command(synopsisSubcommandLabel = "VERB", commandListHeading = "%nVerbs:%n")
abstract class VerbGroup extends Verb implements Runnable {

    @Override
    public void run() {
        List<String> verbs = new ArrayList<>(commandLine().getSubcommands().keySet());
        String last = verbs.remove(verbs.size() - 1);
        String names = verbs.isEmpty() ? last : String.join(", ", verbs) + " or " + last;
        throw new ParameterException(commandLine(), commandLine().getCommandName() + " what? " + names);
    }
}
