package dev.sluice.store.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the stream says about a queued order; the order itself is in the hash.
 *
 * @param entryId in the stream
 * @param orderId null where the entry was deleted while a reader had it
 * @param queuedAtMs milliseconds since the epoch
 */
record Entry(String entryId, @Nullable UUID orderId, long queuedAtMs) {

    private static final String VERSION = "1";

    static Request add(Keys keys, String orderId, String queuedAtMs) {
        return Requests.cmd(Command.XADD, keys.stream(), "*", "v", VERSION, "id", orderId, "q", queuedAtMs);
    }

    /** Null where a newer release wrote it. */
    static @Nullable Entry of(Response reply) {
        String entryId = reply.get(0).toString();
        Response fields = reply.get(1);
        if (fields == null) {
            return new Entry(entryId, null, 0);
        }
        return VERSION.equals(text(fields, "v"))
                ? new Entry(entryId, UUID.fromString(text(fields, "id")), Long.parseLong(text(fields, "q")))
                : null;
    }

    private static String text(Response fields, String name) {
        return String.valueOf(fields.get(name));
    }
}
