package dev.sluice.cli;

import dev.sluice.config.value.Nearest;
import dev.sluice.config.value.StoreUri;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a command line that cannot be read into two lines on stderr: what is wrong, with the name probably meant, and where help is. */
final class UsageErrors implements IParameterExceptionHandler {

    private static final String OPTION = "--";

    @Override
    public int handleParseException(ParameterException thrown, String[] args) {
        CommandLine verb = thrown.getCommandLine();
        PrintWriter err = verb.getErr();
        err.println("sluice: " + StoreUri.masked(message(thrown, args)));
        err.println("Try: " + verb.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCodes.USAGE;
    }

    private static String message(ParameterException thrown, String[] args) {
        CommandLine verb = thrown.getCommandLine();
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            return unmatched(verb, withoutValue(unmatched.getUnmatched().get(0)));
        }
        Optional<String> misspelled =
                thrown instanceof MissingParameterException ? unknownOption(verb, args) : Optional.empty();
        return misspelled.map(option -> unmatched(verb, option)).orElse(String.valueOf(thrown.getMessage()));
    }

    /** A misspelled option leaves the right one missing: the cause is named, not what follows from it. */
    private static Optional<String> unknownOption(CommandLine verb, String[] args) {
        Collection<String> known = verb.getCommandSpec().optionsMap().keySet();
        return Arrays.stream(args)
                .takeWhile(argument -> !argument.equals(OPTION))
                .filter(argument -> argument.startsWith(OPTION))
                .map(UsageErrors::withoutValue)
                .filter(Predicate.not(known::contains))
                .findFirst();
    }

    private static String unmatched(CommandLine verb, String argument) {
        boolean option = argument.startsWith("-");
        Collection<String> verbs = verb.getSubcommands().keySet();
        if (option) {
            return noSuch("option", argument, verb.getCommandSpec().optionsMap().keySet().stream());
        }
        return verbs.isEmpty() ? "unexpected argument '" + argument + "'" : noSuch("verb", argument, verbs.stream());
    }

    /** Says that there is none of that name, and which one was probably meant. */
    static String noSuch(String kind, String name, Stream<String> names) {
        String suggestion = Nearest.to(name, names.toList())
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
        return "no such " + kind + " '" + name + "'" + suggestion;
    }

    /** What follows the equals sign may be a password. */
    private static String withoutValue(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals);
    }
}
