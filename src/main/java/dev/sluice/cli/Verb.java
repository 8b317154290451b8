package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every verb has: {@code --help}, its place in the command line and, by that, its streams. */
@Command(mixinStandardHelpOptions = true)
abstract class Verb {

    @Spec
    @Nullable
    CommandSpec spec;

    CommandLine commandLine() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }

    /** Where results go. */
    PrintWriter out() {
        return commandLine().getOut();
    }
}
