package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.Instances;
import dev.sluice.config.KeySpec;
import dev.sluice.config.Reference;
import dev.sluice.config.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice config schema}: every key; as a file to start from, or as a JSON Schema for an editor. */
@Command(
        name = "schema",
        description = "Print every key with default, unit and reason: a file to start from, or a JSON Schema (--json).",
        mixinStandardHelpOptions = true)
final class ConfigSchemaVerb implements Runnable {

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
            JsonOption.object(out, ConfigSchemaVerb::schema);
        } else {
            out.print(Reference.yaml());
            out.flush();
        }
    }

    private static void schema(JsonGenerator json) throws IOException {
        json.writeStringField("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.writeStringField("title", "Sluice configuration");
        Map<String, List<Setting>> sections = ConfigLoader.load(ConfigSources.none()).settings().stream()
                .collect(Collectors.groupingBy(
                        setting -> setting.key().section(), LinkedHashMap::new, Collectors.toList()));
        startProperties(json);
        for (Map.Entry<String, List<Setting>> section : sections.entrySet()) {
            json.writeObjectFieldStart(section.getKey());
            startProperties(json);
            for (Setting setting : section.getValue()) {
                property(json, setting);
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** An editor then marks a misspelt key as the loader does. */
    private static void startProperties(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("type");
        json.writeString("object");
        json.writeString("null");
        json.writeEndArray();
        json.writeBooleanField("additionalProperties", false);
        json.writeObjectFieldStart("properties");
    }

    private static void property(JsonGenerator json, Setting setting) throws IOException {
        KeySpec key = setting.key();
        json.writeObjectFieldStart(key.component());
        JsonOption.strings(json, "type", types(key));
        range(json, key);
        if (!key.choices().isEmpty()) {
            JsonOption.strings(json, "enum", key.choices());
        }
        json.writeFieldName("default");
        json.writeObject(setting.shown());
        json.writeStringField("description", key.key().why());
        json.writeStringField("x-environment", key.environmentName());
        if (!key.key().unit().isEmpty()) {
            json.writeStringField("x-unit", key.key().unit());
        }
        json.writeEndObject();
    }

    private static void range(JsonGenerator json, KeySpec key) throws IOException {
        if (key.isNumber() || key.type() == Instances.class) {
            json.writeNumberField("minimum", key.key().min());
            json.writeNumberField("maximum", key.key().max());
        }
        if (key.type() == Instances.class) {
            json.writeStringField("pattern", "^(auto|[0-9]+x?)$");
        }
    }

    private static List<String> types(KeySpec key) {
        if (key.type() == Instances.class) {
            return List.of("integer", "string");
        }
        String type = key.isNumber() ? "integer" : key.type() == boolean.class ? "boolean" : "string";
        return key.nullable() ? List.of(type, "null") : List.of(type);
    }
}
