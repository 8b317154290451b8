package dev.sluice.http;

import dev.sluice.order.Faults.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Writes {@code application/problem+json}; the only place that does. */
final class ProblemJson {

    static final String MEDIA_TYPE = "application/problem+json";

    private ProblemJson() {}

    static Buffer write(Problem problem) {
        JsonObject json = new JsonObject()
                .put("type", "urn:sluice:problem:" + problem.code())
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", problem.detail())
                .put("code", problem.code());
        if (problem.id() != null) {
            json.put("id", problem.id().toString());
        }
        if (!problem.errors().isEmpty()) {
            JsonArray errors = new JsonArray();
            problem.errors().forEach(fault -> errors.add(write(fault)));
            json.put("errors", errors);
        }
        return json.toBuffer();
    }

    private static JsonObject write(Fault fault) {
        return new JsonObject().put("pointer", fault.pointer()).put("detail", fault.detail());
    }
}
