package dev.sluice.store.redis;

import dev.sluice.store.StoreFindings;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and the client that holds nothing but it.
 *
 * @param waitsForSync whether an acknowledgement needs a WAITAOF after the transaction
 * @param findings about the server
 */
record RedisLink(Redis client, RedisConnection connection, boolean waitsForSync, StoreFindings findings) {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    /** Closes the socket at once; what is outstanding fails. The connection's own close would only pool it. */
    void kill() {
        kill(client);
    }

    static void kill(Redis client) {
        client.close().onFailure(error -> LOG.debug("closing a connection to Redis: {}", error.getMessage()));
    }
}
