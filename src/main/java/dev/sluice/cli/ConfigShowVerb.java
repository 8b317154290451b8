package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice config show}: the values in force, secrets masked. */
@Command(name = "show", description = "Print the values in force, secrets masked.", mixinStandardHelpOptions = true)
final class ConfigShowVerb implements Runnable {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    @Option(names = "--origin", description = "say where each value comes from")
    boolean origin;

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public void run() {
        List<Setting> settings = options.load().settings();
        PrintWriter out =
                Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        if (result.json) {
            JsonOption.object(out, json -> {
                for (Setting setting : settings) {
                    member(json, setting);
                }
            });
        } else {
            settings.forEach(setting -> out.println(line(setting)));
        }
    }

    private String line(Setting setting) {
        Object shown = setting.shown();
        String line = setting.key().name() + "=" + (shown == null ? "" : shown);
        return origin ? String.format("%-40s  %s", line, setting.origin()) : line;
    }

    private void member(JsonGenerator json, Setting setting) throws IOException {
        json.writeFieldName(setting.key().name());
        if (!origin) {
            json.writeObject(setting.shown());
            return;
        }
        json.writeStartObject();
        json.writeFieldName("value");
        json.writeObject(setting.shown());
        json.writeStringField("origin", setting.origin().place());
        json.writeEndObject();
    }
}
