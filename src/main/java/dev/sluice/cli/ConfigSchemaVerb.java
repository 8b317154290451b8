package dev.sluice.cli;

import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.Key;
import dev.sluice.config.KeySpec;
import dev.sluice.config.Schema;
import dev.sluice.config.Setting;
import dev.sluice.config.value.ConfigObject;
import dev.sluice.config.value.Instances;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice config schema}: every key; as a file to start from, or as a JSON Schema for an editor. */
@Command(
        name = "schema",
        description = "Print every key with default, unit and reason: a file to start from, or a JSON Schema (--json).")
final class ConfigSchemaVerb extends Verb implements Runnable {

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public void run() {
        if (result.json) {
            JsonOption.print(out(), schema());
        } else {
            out().print(SchemaYaml.text());
            out().flush();
        }
    }

    private static JsonObject schema() {
        JsonObject sections = new JsonObject();
        for (Setting setting : ConfigLoader.load(ConfigSources.none()).settings()) {
            KeySpec key = setting.key();
            properties(sections, key.section()).put(key.component(), property(setting));
        }
        Schema.families().forEach((family, each) -> putFamily(sections, family, each));
        JsonObject schema = new JsonObject()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "Sluice configuration");
        return objectWith(schema, sections);
    }

    private static void putFamily(JsonObject sections, String family, Key.Each each) {
        JsonObject member = new JsonObject();
        for (KeySpec key : Schema.keysOf(family, "NAME")) {
            member.put(key.component(), property(key, defaultOf(key)));
        }
        int dot = family.lastIndexOf('.');
        JsonObject above = dot < 0 ? sections : properties(sections, family.substring(0, dot));
        above.put(
                family.substring(dot + 1),
                objectWith(new JsonObject(), new JsonObject())
                        .put("description", each.why())
                        .put(
                                "patternProperties",
                                new JsonObject().put("^(" + each.name() + ")$", objectWith(new JsonObject(), member))));
    }

    private static @Nullable Object defaultOf(KeySpec key) {
        String text = key.key().def();
        if (text.isEmpty()) {
            return null;
        }
        return key.isNumber() ? (Object) Long.valueOf(text) : text;
    }

    /** The properties of a section, which may be within another one; made where they are not there yet. */
    private static JsonObject properties(JsonObject sections, String section) {
        JsonObject properties = sections;
        for (String name : section.split("\\.", -1)) {
            if (!properties.containsKey(name)) {
                properties.put(name, objectWith(new JsonObject(), new JsonObject()));
            }
            properties = properties.getJsonObject(name).getJsonObject("properties");
        }
        return properties;
    }

    /** Adds what makes a schema that of an object: an editor then marks a misspelt key as the loader does. */
    private static JsonObject objectWith(JsonObject schema, JsonObject properties) {
        return schema.put("type", List.of("object", "null"))
                .put("additionalProperties", false)
                .put("properties", properties);
    }

    private static JsonObject property(Setting setting) {
        return property(setting.key(), setting.shown());
    }

    private static JsonObject property(KeySpec key, @Nullable Object byDefault) {
        JsonObject property = new JsonObject().put("type", types(key));
        boolean instances = key.type() == Instances.class;
        if (key.isNumber() || instances) {
            property.put("minimum", key.key().min()).put("maximum", key.key().max());
        }
        if (instances) {
            property.put("pattern", "^(auto|[0-9]+x?)$");
        }
        if (!key.choices().isEmpty()) {
            property.put("enum", key.choices());
        }
        property.put("default", byDefault)
                .put("description", key.key().why())
                .put("x-environment", key.environmentName());
        if (!key.key().unit().isEmpty()) {
            property.put("x-unit", key.key().unit());
        }
        return property;
    }

    private static List<String> types(KeySpec key) {
        if (key.type() == Instances.class) {
            return List.of("integer", "string");
        }
        if (key.type() == ConfigObject.class) {
            return List.of("object", "null");
        }
        String type = key.isNumber() ? "integer" : key.type() == boolean.class ? "boolean" : "string";
        return key.nullable() ? List.of(type, "null") : List.of(type);
    }
}
