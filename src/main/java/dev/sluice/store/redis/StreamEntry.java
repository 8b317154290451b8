package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the stream says about orders that were queued together; the orders themselves are in the hash. Redis pays for an
 * entry, not for the orders in it, when one is delivered and leaves.
 *
 * @param entryId in the stream
 * @param orderIds at most {@link #ORDERS_MAX}; none where the entry was deleted while a reader had it
 * @param queuedAtMs milliseconds since the epoch
 */
record StreamEntry(String entryId, List<UUID> orderIds, long queuedAtMs) {

    /** Orders of an entry: an entry is delivered as a whole, and fits a small batch. */
    static final int ORDERS_MAX = 64;

    private static final String VERSION = "2";
    private static final String SEPARATOR = " ";

    static Request add(RedisKeys keys, List<UUID> orderIds, long queuedAtMs) {
        String ids = orderIds.stream().map(UUID::toString).collect(Collectors.joining(SEPARATOR));
        return cmd(Command.XADD, keys.stream(), "*", "v", VERSION, "ids", ids, "q", Long.toString(queuedAtMs));
    }

    /** Null where a newer release wrote it. */
    static @Nullable StreamEntry of(Response reply) {
        String entryId = reply.get(0).toString();
        Response fields = reply.get(1);
        if (fields == null) {
            return new StreamEntry(entryId, List.of(), 0);
        }
        return switch (text(fields, "v")) {
            case "1" -> of(entryId, fields, "id");
            case VERSION -> of(entryId, fields, "ids");
            default -> null;
        };
    }

    private static StreamEntry of(String entryId, Response fields, String ids) {
        List<UUID> orderIds = Stream.of(text(fields, ids).split(SEPARATOR))
                .map(UUID::fromString)
                .toList();
        return new StreamEntry(entryId, orderIds, Long.parseLong(text(fields, "q")));
    }

    private static String text(Response fields, String name) {
        return String.valueOf(fields.get(name));
    }
}
