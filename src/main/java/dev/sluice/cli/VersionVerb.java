package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice version}. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionVerb implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public void run() {
        PrintWriter out =
                Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        if (result.json) {
            JsonOption.object(out, json -> {
                json.writeStringField("version", Version.current());
                json.writeStringField("java", Runtime.version().toString());
            });
        } else {
            out.println("sluice " + Version.current());
        }
    }
}
