package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.load.Comparison;
import dev.sluice.load.Spread;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice load compare}: two results side by side, and which differences are more than noise. */
@Command(
        name = "compare",
        description = "Hold two results against each other, with the spread.",
        mixinStandardHelpOptions = true)
final class LoadCompareVerb implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "JSON of load http, or of a scenario in loadtest/results")
    Path a = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "the other")
    Path b = Path.of("");

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        PrintWriter out =
                Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        Comparison comparison = comparison();
        if (output.json) {
            print(out, comparison);
        } else {
            comparison.text().forEach(out::println);
        }
        return ExitCodes.OK;
    }

    private Comparison comparison() throws IOException {
        try {
            return Comparison.of(a, b);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCodes.USAGE, "no such file: " + e.getMessage(), e);
        }
    }

    private static void print(PrintWriter out, Comparison comparison) {
        JsonOption.object(out, json -> {
            json.writeArrayFieldStart("measures");
            for (Comparison.Line line : comparison.lines()) {
                json.writeStartObject();
                json.writeStringField("run", line.label());
                json.writeStringField("measure", line.measure());
                spread(json, "a", line.a());
                spread(json, "b", line.b());
                json.writeStringField("bIs", line.verdict());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void spread(JsonGenerator json, String name, Spread spread) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("value", spread.value());
        json.writeNumberField("low", spread.low());
        json.writeNumberField("high", spread.high());
        json.writeEndObject();
    }
}
