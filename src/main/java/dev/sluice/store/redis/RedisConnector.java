package dev.sluice.store.redis;

import dev.sluice.store.StoreFindings;
import dev.sluice.store.UnsafeStoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes connections that are fit for orders: reached within the connect timeout, to a server that keeps what it
 * acknowledges, with the consumer groups there. Called on an event loop; the connection lives there.
 */
final class RedisConnector {

    /** Commands sent and not answered; the transactions of 10,000 orders, and as many again. */
    private static final int WAITING_MAX = 1 << 16;

    private final Vertx vertx;
    private final RedisOptions options;
    private final List<RedisKeys> partitions;

    RedisConnector(Vertx vertx, RedisOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.partitions = RedisKeys.all(options.partitions());
    }

    /** Fails with {@link UnsafeStoreException} on a server that does not keep what it acknowledges. */
    Future<RedisLink> connect() {
        Redis client = Redis.createClient(vertx, clientOptions());
        Promise<RedisLink> promise = Promise.promise();
        long timer = vertx.setTimer(
                options.connectTimeoutMs(),
                id -> promise.tryFail("Redis did not answer within " + options.connectTimeoutMs() + " ms"));
        Future.succeededFuture()
                .compose(now -> client.connect())
                .compose(connection -> prepare(client, connection))
                .onFailure(promise::tryFail)
                .onSuccess(promise::tryComplete)
                .onComplete(done -> vertx.cancelTimer(timer));
        return promise.future().onFailure(error -> RedisLink.kill(client));
    }

    private io.vertx.redis.client.RedisOptions clientOptions() {
        return new io.vertx.redis.client.RedisOptions()
                .setConnectionString(options.uri())
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(WAITING_MAX)
                .setNetClientOptions(new NetClientOptions()
                        .setTcpKeepAlive(true)
                        .setConnectTimeout(Math.toIntExact(options.connectTimeoutMs())));
    }

    private Future<RedisLink> prepare(Redis client, RedisConnection connection) {
        return LoaderRights.of(connection, partitions)
                .compose(rights -> RedisSafety.of(connection)
                        .map(safety -> safety.and(rights.unsafe()).require(options.allowUnsafe()))
                        .compose(safety -> findings(connection, rights, safety)
                                .compose(findings -> createGroups(connection)
                                        .map(created ->
                                                new RedisLink(client, connection, safety.waitsForSync(), findings)))));
    }

    private Future<StoreFindings> findings(RedisConnection connection, LoaderRights rights, RedisSafety safety) {
        List<String> warnings = new ArrayList<>(rights.warnings());
        warnings.addAll(safety.warnings(options.entriesMax()));
        return Replication.canLose(connection).map(lossy -> new StoreFindings(lossy, warnings));
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
                .send(Requests.cmd(Command.XGROUP, "CREATE", keys.stream(), RedisKeys.GROUP, "0", "MKSTREAM"))
                .<Void>mapEmpty()
                .recover(error -> unlessThere(connection, keys, error));
        return group.compose(there -> connection
                .send(Requests.cmd(Command.SETNX, keys.settles(), "1"))
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
                .send(Requests.cmd(Command.XINFO, "GROUPS", keys.stream()))
                .compose(groups -> groups.size() > 0 ? Future.succeededFuture() : Future.failedFuture(error));
    }

    private static Future<Void> unlessFull(Throwable error) {
        return RedisErrors.isFull(error) ? Future.succeededFuture() : Future.failedFuture(error);
    }
}
