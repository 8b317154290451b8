package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.rig.Reply;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The contract as people read it, src/main/resources/openapi.yaml, asked by a test. */
public final class Contract {

    private static final String REFS = "#/components/schemas/";

    private final String text = read();
    private final JsonObject document = parse(text);
    private final Map<String, Validator> validators = new HashMap<>();

    String text() {
        return text;
    }

    public JsonObject document() {
        return document;
    }

    JsonObject operation(String path, String method) {
        return document.getJsonObject("paths").getJsonObject(path).getJsonObject(method);
    }

    /** The response of an operation, looked up where it is a reference. */
    JsonObject response(String path, String method, int status) {
        JsonObject response = operation(path, method).getJsonObject("responses").getJsonObject("" + status);
        if (response == null) {
            throw new AssertionError(method + " " + path + " does not document " + status);
        }
        String ref = response.getString("$ref");
        return ref == null ? response : component(ref);
    }

    private JsonObject component(String ref) {
        JsonObject found = document;
        for (String step : ref.substring(2).split("/", -1)) {
            found = found.getJsonObject(step);
        }
        return found;
    }

    /** Why the value does not fit a schema of the components; empty where it does. */
    List<String> faults(String schema, Object value) {
        OutputUnit output = validators.computeIfAbsent(schema, this::validator).validate(value);
        List<String> faults = new ArrayList<>();
        if (!output.getValid()) {
            faults.add("is no " + schema);
            if (output.getErrors() != null) {
                output.getErrors().forEach(e -> faults.add(e.getInstanceLocation() + " " + e.getError()));
            }
        }
        return faults;
    }

    /** Why an answer does not fit what is documented for it. */
    List<String> faults(String path, String method, Reply reply) {
        List<String> faults = new ArrayList<>(headerFaults(response(path, method, reply.status()), reply));
        faults.addAll(bodyFaults(path, method, reply.status(), reply.header("content-type"), reply.body()));
        return faults;
    }

    /** Why the body of an answer does not fit what is documented for it. */
    public List<String> bodyFaults(String path, String method, int status, String mediaType, String body) {
        JsonObject content =
                response(path, method, status).getJsonObject("content").getJsonObject(mediaType);
        if (content == null) {
            return List.of(mediaType + " is not documented");
        }
        String ref = content.getJsonObject("schema").getString("$ref");
        return faults(ref.substring(REFS.length()), new JsonObject(body));
    }

    private List<String> headerFaults(JsonObject response, Reply reply) {
        List<String> faults = new ArrayList<>();
        JsonObject headers = response.getJsonObject("headers", new JsonObject());
        for (String name : headers.fieldNames()) {
            JsonObject header = component(headers.getJsonObject(name).getString("$ref"));
            String value = reply.header(name.toLowerCase(java.util.Locale.ROOT));
            String pattern = header.getJsonObject("schema").getString("pattern");
            if (value == null && header.getBoolean("required", false)) {
                faults.add(name + " is missing");
            } else if (value != null && pattern != null && !value.matches(pattern)) {
                faults.add(name + " is " + value);
            }
        }
        return faults;
    }

    private Validator validator(String schema) {
        JsonObject root = new JsonObject()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$ref", "#/$defs/" + schema)
                .put("$defs", document.getJsonObject("components").getJsonObject("schemas"));
        JsonObject local = new JsonObject(root.encode().replace(REFS, "#/$defs/"));
        return Validator.create(
                JsonSchema.of(local),
                new JsonSchemaOptions()
                        .setDraft(Draft.DRAFT202012)
                        .setBaseUri("https://sluice.test/")
                        .setOutputFormat(OutputFormat.Basic));
    }

    @SuppressWarnings("unchecked")
    private static JsonObject parse(String yaml) {
        Object loaded =
                new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(yaml);
        return new JsonObject(new JsonObject((Map<String, Object>) loaded).encode());
    }

    private static String read() {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
