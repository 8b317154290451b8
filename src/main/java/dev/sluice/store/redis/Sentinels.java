package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks Sentinels which server is the master now: one after the other, the first answer counts. Asked at every connect, so a
 * failover is followed by the reconnect that it causes. In clear and without a password.
 *
 * @param places {@code host:port} each, at least one
 * @param timeoutMs for each of them
 */
record Sentinels(Vertx vertx, List<String> places, int timeoutMs) {

    private static final String PORT = ":26379";

    /** Where a server is. */
    record Master(String host, int port) {}

    /** The master of that name; fails where no Sentinel answers or none knows one. */
    Future<Master> master(String name) {
        return ask(name, 0, "none was asked");
    }

    private Future<Master> ask(String name, int number, String before) {
        if (number == places.size()) {
            return Future.failedFuture(new IllegalStateException("no Sentinel (redis.sentinels) names a master called "
                    + name + " (the host of redis.uri): " + before));
        }
        String place = places.get(number);
        return ask(name, place).recover(error -> ask(name, number + 1, place + ": " + error.getMessage()));
    }

    private Future<Master> ask(String name, String place) {
        String address = place.matches(".*:[0-9]+") ? place : place + PORT;
        Redis client = Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString("redis://" + address)
                        .setMaxPoolSize(1)
                        .setMaxPoolWaiting(1)
                        .setPoolCleanerInterval(-1)
                        .setNetClientOptions(new NetClientOptions().setConnectTimeout(timeoutMs)));
        return client.connect()
                .compose(connection -> connection.send(cmd(Command.SENTINEL, "get-master-addr-by-name", name)))
                .map(reply -> master(name, reply))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .eventually(client::close);
    }

    private static Master master(String name, @Nullable Response reply) {
        if (reply == null || reply.size() < 2) {
            throw new IllegalStateException("knows no master called " + name);
        }
        return new Master(reply.get(0).toString(), Integer.parseInt(reply.get(1).toString()));
    }
}
