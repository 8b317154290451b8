package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import dev.sluice.log.LogSetup;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice db migrate}: what a start does too, for those who migrate apart from it. */
@Command(name = "migrate", description = "Bring the database to the schema of this release.")
final class DbMigrateVerb extends Verb implements Callable<Integer> {

    @Mixin
    NodeOptions options = new NodeOptions();

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public Integer call() throws Exception {
        SluiceConfig config = options.load().config();
        LogSetup.apply(config.log());
        List<Integer> applied = NodeRun.migrate(config);
        if (result.json) {
            JsonOption.print(out(), new JsonObject().put("applied", applied));
        } else {
            out().println(applied.isEmpty() ? "nothing to migrate" : "applied " + applied);
        }
        return ExitCodes.OK;
    }
}
