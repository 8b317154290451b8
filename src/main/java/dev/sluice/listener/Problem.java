package dev.sluice.listener;

import dev.sluice.order.Faults.Fault;
import dev.sluice.order.OrderResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem, {@value #MEDIA_TYPE}.
 *
 * @param detail what is wrong here and what mends it
 * @param errors the faults of a bad request; empty otherwise
 * @param id of the order whose outcome is unknown, to ask for; null otherwise
 */
public record Problem(
        ProblemType type,
        String detail,
        List<Fault> errors,
        @Nullable UUID id) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, List.of(), null);
    }

    /** The problem of an order that is not acknowledged. */
    public static Problem of(OrderResult result) {
        ProblemType type = ProblemType.valueOf(result.code().name());
        return new Problem(type, result.detail(), result.faults(), result.id());
    }

    public static Problem badRequest(String detail) {
        return of(ProblemType.BAD_REQUEST, detail);
    }

    /** The failure is in the log. */
    public static Problem internal() {
        return of(ProblemType.INTERNAL_ERROR, "Sluice failed; its log says why.");
    }

    public static Problem methodNotAllowed(String allow) {
        return of(ProblemType.METHOD_NOT_ALLOWED, "This resource knows " + allow + ".");
    }

    public int status() {
        return type.status();
    }

    /** The document. */
    public Buffer buffer() {
        return json().toBuffer();
    }

    /** The document, to which members of its own may be added. */
    public JsonObject json() {
        JsonObject json = new JsonObject()
                .put("type", "urn:sluice:problem:" + type.code())
                .put("title", type.title())
                .put("status", type.status())
                .put("detail", detail)
                .put("code", type.code());
        if (id != null) {
            json.put("id", id.toString());
        }
        if (!errors.isEmpty()) {
            JsonArray faults = new JsonArray();
            errors.forEach(fault ->
                    faults.add(new JsonObject().put("pointer", fault.pointer()).put("detail", fault.detail())));
            json.put("errors", faults);
        }
        return json;
    }
}
