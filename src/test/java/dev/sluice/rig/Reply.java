package dev.sluice.rig;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One answer of an HTTP server. The names of the headers are in lower case. */
public record Reply(int status, Map<String, String> headers, String body) {

    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    public JsonObject json() {
        return new JsonObject(body);
    }

    /** The code of a problem document. */
    public String code() {
        return json().getString("code");
    }

    /** The result lines of a bulk request. */
    public List<JsonObject> lines() {
        return body.lines().map(JsonObject::new).toList();
    }

    /** The statuses of the result lines. */
    public List<Integer> statuses() {
        return lines().stream().map(line -> line.getInteger("status")).toList();
    }

    /** The connection ends with it. */
    public boolean isLast() {
        return "close".equalsIgnoreCase(header("connection"));
    }
}
