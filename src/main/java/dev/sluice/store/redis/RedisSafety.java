package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a server keeps what it acknowledges, and how to make it.
 *
 * @param unsafe the settings that break the promise, each with its mend; empty where the server keeps it
 * @param waitsForSync whether an acknowledgement needs a WAITAOF after the transaction
 * @param maxmemoryBytes 0 where it has no bound or does not tell
 */
record RedisSafety(List<String> unsafe, boolean waitsForSync, long maxmemoryBytes) {

    private static final Logger LOG = LoggerFactory.getLogger(RedisSafety.class);

    /** Bytes of an order of two items, its entry and its place in the index. */
    private static final long ORDER_BYTES = 1 << 10;

    private static final long MIB = 1 << 20;

    private static final Pattern TELLS_OF_REPLICAS =
            Pattern.compile("^(?:role:(?!master\\b)|connected_slaves:0*[1-9]|cluster_enabled:1)", Pattern.MULTILINE);

    private static final List<String> SETTINGS =
            List.of("appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory-policy", "maxmemory");

    /** Asks the server; fails only where the connection does. What cannot be read counts as unsafe. */
    static Future<RedisSafety> of(RedisConnection connection) {
        return hasWaitAof(connection)
                .compose(waitAof -> settings(connection).map(settings -> judge(settings, waitAof)));
    }

    /** And something else that breaks it. */
    RedisSafety and(List<String> alsoUnsafe) {
        return new RedisSafety(
                Stream.concat(unsafe.stream(), alsoUnsafe.stream()).toList(), waitsForSync, maxmemoryBytes);
    }

    RedisSafety require(boolean allowUnsafe) {
        if (!unsafe.isEmpty() && !allowUnsafe) {
            throw new UnsafeStoreException("Redis", unsafe);
        }
        return this;
    }

    private static Future<Boolean> hasWaitAof(RedisConnection connection) {
        return connection
                .send(cmd(Command.COMMAND).arg("INFO").arg("WAITAOF"))
                .map(reply -> reply.size() > 0 && reply.get(0) != null)
                .otherwise(error -> unread("COMMAND INFO", error, false));
    }

    private static Future<Map<String, String>> settings(RedisConnection connection) {
        return connection instanceof ClusterConnection cluster ? ofAllMasters(cluster) : ofTheServer(connection);
    }

    /** Each setting as all masters have it; where they differ no value that keeps the promise, so that it is named. */
    private static Future<Map<String, String>> ofAllMasters(ClusterConnection cluster) {
        Map<String, String> settings = new HashMap<>();
        Future<Void> asked = Future.succeededFuture();
        for (String name : SETTINGS) {
            asked = asked.compose(before ->
                            cluster.onMasters(cmd(Command.CONFIG).arg("GET").arg(name)))
                    .onSuccess(replies -> settings.put(name, together(name, replies)))
                    .mapEmpty();
        }
        return asked.map(settings).otherwise(error -> unread("CONFIG GET", error, Map.of()));
    }

    private static String together(String name, List<Response> replies) {
        List<String> values = replies.stream()
                .map(reply -> reply.containsKey(name) ? reply.get(name).toString() : "unreadable")
                .distinct()
                .sorted()
                .toList();
        return values.contains("0") ? "0" : String.join(", ", values);
    }

    private static Future<Map<String, String>> ofTheServer(RedisConnection connection) {
        List<Request> requests = SETTINGS.stream()
                .map(name -> cmd(Command.CONFIG).arg("GET").arg(name))
                .toList();
        return connection
                .batch(requests)
                .map(RedisSafety::settings)
                .otherwise(error -> unread("CONFIG GET", error, Map.of()));
    }

    private static <T> T unread(String command, Throwable error, T instead) {
        LOG.debug("Redis does not answer {}: {}", command, error.getMessage());
        return instead;
    }

    private static Map<String, String> settings(List<Response> replies) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < replies.size(); i++) {
            Response reply = replies.get(i);
            if (reply.containsKey(SETTINGS.get(i))) {
                settings.put(SETTINGS.get(i), reply.get(SETTINGS.get(i)).toString());
            }
        }
        return settings;
    }

    static RedisSafety judge(Map<String, String> settings, boolean waitAof) {
        List<String> unsafe = new ArrayList<>();
        require("appendonly", "yes", settings, unsafe);
        String fsync = settings.get("appendfsync");
        boolean waits = waitAof && "everysec".equals(fsync);
        if (!waits) {
            require("appendfsync", "always", settings, unsafe);
            require("no-appendfsync-on-rewrite", "no", settings, unsafe);
        }
        require("maxmemory-policy", "noeviction", settings, unsafe);
        requireBound(settings.get("maxmemory"), unsafe);
        return new RedisSafety(unsafe, waits, bytes(settings.getOrDefault("maxmemory", "0")));
    }

    private static void require(String name, String value, Map<String, String> settings, List<String> unsafe) {
        String found = settings.get(name);
        if (!value.equals(found)) {
            unsafe.add(name + " = " + shown(found) + " (set " + name + " " + value + ")");
        }
    }

    private static void requireBound(@Nullable String maxmemory, List<String> unsafe) {
        if (maxmemory == null || maxmemory.equals("0")) {
            unsafe.add("maxmemory = " + shown(maxmemory) + " (set maxmemory below the memory of the machine)");
        }
    }

    private static long bytes(String maxmemory) {
        try {
            return Long.parseLong(maxmemory);
        } catch (NumberFormatException e) {
            LOG.debug("Redis has a maxmemory that is no number: {}", maxmemory);
            return 0;
        }
    }

    /** What its owner should know, of a queue that is to hold so many orders. */
    List<String> warnings(long entriesMax) {
        long neededBytes = entriesMax * ORDER_BYTES;
        if (maxmemoryBytes == 0 || maxmemoryBytes >= neededBytes) {
            return List.of();
        }
        return List.of("maxmemory " + maxmemoryBytes / MIB + " MiB ends before overflow.entriesMax " + entriesMax
                + ": an order takes about 1 KiB, and without memory the next one is refused (set maxmemory "
                + (neededBytes + MIB - 1) / MIB + "mb, or overflow.entriesMax " + maxmemoryBytes / ORDER_BYTES + ")");
    }

    private static String shown(@Nullable String found) {
        return found == null ? "unreadable" : found;
    }

    /**
     * Whether a replica may take the server's place that does not have what it acknowledged last: Redis answers first.
     * Fails only where the connection does; a server that does not tell counts as one that has replicas.
     */
    static Future<Boolean> losesOnFailover(RedisConnection connection) {
        return connection
                .batch(List.of(cmd(Command.INFO, "replication"), cmd(Command.INFO, "cluster")))
                .map(replies -> replies.stream().map(Response::toString).anyMatch(RedisSafety::tellsOfReplicas))
                .otherwise(error -> unread("INFO", error, true));
    }

    static boolean tellsOfReplicas(String info) {
        return TELLS_OF_REPLICAS.matcher(info).find();
    }
}
