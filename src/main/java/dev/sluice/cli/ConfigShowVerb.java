package dev.sluice.cli;

import dev.sluice.config.Setting;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice config show}: the values in force, secrets masked. */
@Command(name = "show", description = "Print the values in force, secrets masked.")
final class ConfigShowVerb extends Verb implements Runnable {

    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(names = "--origin", description = "say where each value comes from")
    boolean origin;

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public void run() {
        List<Setting> settings = options.load().settings();
        if (result.json) {
            JsonObject object = new JsonObject();
            settings.forEach(setting -> object.put(setting.key().name(), json(setting)));
            JsonOption.print(out(), object);
        } else {
            settings.forEach(setting -> out().println(line(setting)));
        }
    }

    private String line(Setting setting) {
        Object shown = setting.shown();
        String line = setting.key().name() + "=" + (shown == null ? "" : shown);
        return origin ? String.format("%-40s  %s", line, setting.origin()) : line;
    }

    private @Nullable Object json(Setting setting) {
        return origin
                ? new JsonObject()
                        .put("value", setting.shown())
                        .put("origin", setting.origin().place())
                : setting.shown();
    }
}
