package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreFindings;
import dev.sluice.store.StoreListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and ends connections to Redis. A connection is fit for orders: reached within the connect timeout, to a server
 * that keeps what it acknowledges, with the consumer groups there. Called on an event loop; the connection lives there.
 */
final class RedisConnector implements ReconnectingConnection.Server<RedisConnector.Link> {

    private static final Logger LOG = LoggerFactory.getLogger(RedisConnector.class);

    private final Vertx vertx;
    private final SluiceConfig config;
    private final RedisLink way;
    private final List<RedisKeys> partitions;

    /** The configuration has a {@code redis.uri}. */
    RedisConnector(Vertx vertx, SluiceConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.way = new RedisLink(vertx, config.redis());
        this.partitions = RedisKeys.all(config.overflow().partitions());
    }

    /**
     * A connection and the client that holds nothing but it.
     *
     * @param waitsForSync whether an acknowledgement needs a WAITAOF after the transaction
     */
    record Link(Redis client, RedisConnection connection, boolean waitsForSync) {}

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public Future<Link> connect(StoreListener listener) {
        return way.client().compose(client -> connect(client, listener));
    }

    private Future<Link> connect(Redis client, StoreListener listener) {
        int timeoutMs = config.redis().connectTimeoutMs();
        Promise<Link> promise = Promise.promise();
        long timer = vertx.setTimer(
                timeoutMs,
                id -> promise.tryFail(new TimeoutException("Redis did not answer within " + timeoutMs + " ms")));
        way.connect(client)
                .compose(connection -> prepare(client, connection, listener))
                .onFailure(promise::tryFail)
                .onSuccess(promise::tryComplete)
                .onComplete(done -> vertx.cancelTimer(timer));
        return promise.future().onFailure(error -> kill(client));
    }

    private Future<Link> prepare(Redis client, RedisConnection connection, StoreListener listener) {
        return LoaderRights.of(connection, partitions)
                .compose(rights -> RedisSafety.of(connection)
                        .map(safety -> safety.and(rights.unsafe())
                                .require(config.store().allowUnsafe()))
                        .compose(safety -> findings(connection, rights, safety)
                                .onSuccess(listener::found)
                                .compose(told -> createGroups(connection))
                                .map(created -> new Link(client, connection, safety.waitsForSync()))));
    }

    private Future<StoreFindings> findings(RedisConnection connection, LoaderRights rights, RedisSafety safety) {
        List<String> warnings = new ArrayList<>(rights.warnings());
        warnings.addAll(safety.warnings(config.overflow().entriesMax()));
        return RedisSafety.losesOnFailover(connection).map(lossy -> new StoreFindings(lossy, warnings));
    }

    private Future<Void> createGroups(RedisConnection connection) {
        return Future.all(partitions.stream()
                        .map(keys -> createGroup(connection, keys))
                        .toList())
                .mapEmpty();
    }

    /** From 0: what was queued before the group was there is drained too. */
    private static Future<Void> createGroup(RedisConnection connection, RedisKeys keys) {
        Future<Void> group = connection
                .send(cmd(Command.XGROUP, "CREATE", keys.stream(), RedisKeys.GROUP, "0", "MKSTREAM"))
                .<Void>mapEmpty()
                .recover(error -> unlessThere(connection, keys, error));
        return group.compose(there -> connection
                .send(cmd(Command.SETNX, keys.settles(), "1"))
                .<Void>mapEmpty()
                .recover(RedisConnector::unlessFull));
    }

    /** A server out of memory says so before it looks whether there is anything to create. */
    private static Future<Void> unlessThere(RedisConnection connection, RedisKeys keys, Throwable error) {
        String message = String.valueOf(error.getMessage());
        if (message.startsWith("BUSYGROUP")) {
            return Future.succeededFuture();
        }
        if (!RedisErrors.isFull(error)) {
            return Future.failedFuture(error);
        }
        return connection
                .send(cmd(Command.XINFO, "GROUPS", keys.stream()))
                .compose(groups -> groups.size() > 0 ? Future.succeededFuture() : Future.failedFuture(error));
    }

    private static Future<Void> unlessFull(Throwable error) {
        return RedisErrors.isFull(error) ? Future.succeededFuture() : Future.failedFuture(error);
    }

    @Override
    public void onEnd(Link link, Consumer<String> ended) {
        link.connection()
                .exceptionHandler(error -> end(link, "connection to Redis broke: " + error.getMessage(), ended))
                .endHandler(gone -> end(link, "connection to Redis lost", ended));
    }

    private void end(Link link, String reason, Consumer<String> ended) {
        ended.accept(reason);
        kill(link);
    }

    /** What is outstanding fails. The connection's own close would only pool it. */
    @Override
    public void kill(Link link) {
        kill(link.client());
    }

    static void kill(Redis client) {
        client.close().onFailure(error -> LOG.debug("closing a connection to Redis: {}", error.getMessage()));
    }

    @Override
    public Future<Void> close(Link link) {
        return link.client().close();
    }

    @Override
    public StoreFailure failureOfSent(Throwable error) {
        return RedisErrors.failureOf(error);
    }

    @Override
    public boolean needsNewConnection(Throwable error) {
        return RedisErrors.wantsNewConnection(error);
    }
}
