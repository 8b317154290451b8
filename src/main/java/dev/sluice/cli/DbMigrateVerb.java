package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import dev.sluice.log.LogSetup;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice db migrate}: what a start does too, for those who migrate apart from it. */
@Command(
        name = "migrate",
        description = "Bring the database to the schema of this release.",
        mixinStandardHelpOptions = true)
final class DbMigrateVerb implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public Integer call() throws Exception {
        SluiceConfig config = options.load().config();
        LogSetup.apply(config.log());
        List<Integer> applied = NodeRun.migrate(config);
        PrintWriter out =
                Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        if (result.json) {
            JsonOption.object(out, json -> {
                json.writeFieldName("applied");
                json.writeObject(applied);
            });
        } else {
            out.println(applied.isEmpty() ? "nothing to migrate" : "applied " + applied);
        }
        return ExitCodes.OK;
    }
}
