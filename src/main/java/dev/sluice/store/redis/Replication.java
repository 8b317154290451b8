package dev.sluice.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether somebody may take a server's place who does not have what it acknowledged last: Redis answers first. */
final class Replication {

    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private static final Pattern HAS_HEIRS =
            Pattern.compile("^(?:role:(?!master\\b)|connected_slaves:0*[1-9]|cluster_enabled:1)", Pattern.MULTILINE);

    private Replication() {}

    /** Fails only where the connection does. Who does not say whether it has replicas may have some. */
    static Future<Boolean> canLose(RedisConnection connection) {
        return connection
                .batch(List.of(Requests.cmd(Command.INFO, "replication"), Requests.cmd(Command.INFO, "cluster")))
                .map(replies -> replies.stream().map(Response::toString).anyMatch(Replication::hasHeirs))
                .otherwise(error -> {
                    LOG.debug("Redis does not answer INFO: {}", error.getMessage());
                    return true;
                });
    }

    static boolean hasHeirs(String info) {
        return HAS_HEIRS.matcher(info).find();
    }
}
