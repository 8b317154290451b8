package dev.sluice.cli;

import dev.sluice.config.ConfigException;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.Setting.Origin;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice config check}: would a node start with this? Every problem at once; exit 3 if there is one. */
@Command(name = "check", description = "Validate file, environment and options; every problem at once.")
final class ConfigCheckVerb extends Verb implements Callable<Integer> {

    @Mixin
    NodeOptions options = new NodeOptions();

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public Integer call() {
        return result.json ? checkAsJson() : check();
    }

    private int check() {
        LoadedConfig loaded = options.loadForStart(List.of());
        long own = loaded.settings().stream()
                .filter(setting -> setting.origin().layer() != Origin.Layer.DEFAULT)
                .count();
        out().println("ok: " + own + " of " + loaded.settings().size() + " keys set, the others at their defaults");
        if (loaded.config().postgres().uri() == null) {
            out().println("postgres.uri is not set: dev brings its own PostgreSQL, serve needs it");
        }
        return ExitCodes.OK;
    }

    private int checkAsJson() {
        try {
            LoadedConfig loaded = options.loadForStart(List.of());
            print(List.of(), loaded.warnings());
            return ExitCodes.OK;
        } catch (ConfigException e) {
            print(e.problems(), e.warnings());
            return ExitCodes.BAD_CONFIGURATION;
        }
    }

    private void print(List<String> problems, List<String> warnings) {
        JsonOption.print(
                out(),
                new JsonObject()
                        .put("ok", problems.isEmpty())
                        .put("problems", problems)
                        .put("warnings", warnings));
    }
}
