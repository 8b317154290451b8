package dev.sluice.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisCluster;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.RequestGrouping;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a Redis Cluster that takes batches over several partitions: what does not stand in a transaction goes to
 * the node of its key, and the replies come back in order. A transaction is of one partition, whose keys share a node.
 */
final class ClusterConnection implements RedisConnection {

    private final RedisConnection nodes;
    private final RedisCluster cluster;

    /** @param nodes of a client of type CLUSTER */
    ClusterConnection(RedisConnection nodes) {
        this.nodes = nodes;
        this.cluster = RedisCluster.create(nodes);
    }

    /** The replies of every master, in no order. */
    Future<List<Response>> onMasters(Request request) {
        return cluster.onAllMasterNodes(request);
    }

    @Override
    public Future<List<@Nullable Response>> batch(List<Request> requests) {
        boolean whole = requests.size() == 1 || begins(requests, Command.MULTI) || begins(requests, Command.WATCH);
        return whole
                ? nodes.batch(requests)
                : cluster.groupByNodes(requests).compose(groups -> batch(requests, groups));
    }

    private static boolean begins(List<Request> requests, Command command) {
        return !requests.isEmpty() && requests.get(0).command() == command;
    }

    /** What has no key that the client knows of goes alone, so that a node can point to another one. */
    private Future<List<@Nullable Response>> batch(List<Request> requests, RequestGrouping groups) {
        List<List<Request>> parts = new ArrayList<>(groups.getKeyed());
        groups.getUnkeyed().forEach(request -> parts.add(List.of(request)));
        List<Future<List<@Nullable Response>>> replies =
                parts.stream().map(nodes::batch).toList();
        return Future.join(replies).map(all -> inOrder(requests, parts, replies));
    }

    private static List<@Nullable Response> inOrder(
            List<Request> requests, List<List<Request>> parts, List<Future<List<@Nullable Response>>> replies) {
        IdentityHashMap<Request, Integer> places = new IdentityHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            places.put(requests.get(i), i);
        }
        @Nullable Response[] ordered = new Response[requests.size()];
        for (int part = 0; part < parts.size(); part++) {
            for (int i = 0; i < parts.get(part).size(); i++) {
                ordered[places.getOrDefault(parts.get(part).get(i), 0)] =
                        replies.get(part).result().get(i);
            }
        }
        return Arrays.asList(ordered);
    }

    @Override
    public Future<@Nullable Response> send(Request request) {
        return nodes.send(request);
    }

    @Override
    public RedisConnection exceptionHandler(@Nullable Handler<Throwable> handler) {
        nodes.exceptionHandler(handler);
        return this;
    }

    @Override
    public RedisConnection handler(@Nullable Handler<Response> handler) {
        nodes.handler(handler);
        return this;
    }

    @Override
    public RedisConnection pause() {
        nodes.pause();
        return this;
    }

    @Override
    public RedisConnection resume() {
        nodes.resume();
        return this;
    }

    @Override
    public RedisConnection fetch(long amount) {
        nodes.fetch(amount);
        return this;
    }

    @Override
    public RedisConnection endHandler(@Nullable Handler<Void> handler) {
        nodes.endHandler(handler);
        return this;
    }

    @Override
    public Future<Void> close() {
        return nodes.close();
    }

    @Override
    public boolean pendingQueueFull() {
        return nodes.pendingQueueFull();
    }
}
