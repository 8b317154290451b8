package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a restart keeps the queue. A server runs its append-only file in the name of the default user, and drops each
 * transaction that this user may not do; releases that no longer do so are not told apart, as the mend costs nothing.
 *
 * @param denied commands of the queue that the default user may not do
 * @param readable whether the server told
 */
record LoaderRights(Set<String> denied, boolean readable) {

    private static final Logger LOG = LoggerFactory.getLogger(LoaderRights.class);

    private static final String MEND = "ACL SETUSER default off ~* &* +@all";

    /** Asks the server; fails only where the connection does. */
    static Future<LoaderRights> of(RedisConnection connection, List<RedisKeys> partitions) {
        return of(connection, partitions, "default");
    }

    /** The same of another user. */
    static Future<LoaderRights> of(RedisConnection connection, List<RedisKeys> partitions, String user) {
        List<String> commands =
                partitions.stream().flatMap(LoaderRights::commands).toList();
        return connection
                .batch(commands.stream().map(command -> dryRun(user, command)).toList())
                .map(replies -> new LoaderRights(denied(commands, replies), true))
                .otherwise(error -> {
                    LOG.debug("Redis does not answer ACL DRYRUN: {}", error.getMessage());
                    return new LoaderRights(Set.of(), false);
                });
    }

    /** One of each kind that a transaction of the queue or of the dead letters has. */
    private static Stream<String> commands(RedisKeys keys) {
        return Stream.of(
                "XADD " + keys.stream() + " * v 1",
                "XACK " + keys.stream() + " " + RedisKeys.GROUP + " 0-1",
                "XDEL " + keys.stream() + " 0-1",
                "HSETNX " + keys.orders() + " a 1",
                "HSET " + keys.orders() + " a 1",
                "HDEL " + keys.orders() + " a",
                "HSET " + keys.dead() + " a 1",
                "HDEL " + keys.dead() + " a",
                "HSET " + keys.tombstones() + " a 1",
                "HDEL " + keys.tombstones() + " a",
                "ZADD " + keys.deadByOrder() + " 0 a",
                "ZREM " + keys.deadByOrder() + " a",
                "PEXPIREAT " + keys.settles() + " 1",
                "SET " + keys.lease() + " a PX 1",
                "PEXPIRE " + keys.lease() + " 1",
                "DEL " + keys.lease());
    }

    private static Request dryRun(String user, String command) {
        Request request = cmd(Command.ACL, "DRYRUN", user);
        Stream.of(command.split(" ", -1)).forEach(request::arg);
        return request;
    }

    private static Set<String> denied(List<String> commands, List<Response> replies) {
        Set<String> denied = new LinkedHashSet<>();
        for (int i = 0; i < replies.size(); i++) {
            if (!"OK".equals(replies.get(i).toString())) {
                denied.add(commands.get(i).substring(0, commands.get(i).indexOf(' ')));
            }
        }
        return denied;
    }

    /** What is unsafe, with its mend. */
    List<String> unsafe() {
        return denied.isEmpty()
                ? List.of()
                : List.of("user default may not " + String.join(", ", denied)
                        + ", and a restart drops what it may not do (" + MEND + ")");
    }

    /** What its owner should know. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!readable) {
            warnings.add(
                    "cannot tell what the default user may do (give the user of redis.uri +acl|dryrun): unless it has"
                            + " all rights, a restart drops the queue (" + MEND + ")");
        }
        return warnings;
    }
}
