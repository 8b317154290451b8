package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Which partition holds an order, and work shared out by it. Immutable. */
final class Partitions {

    /** Orders of one transaction or one look; larger batches are cut. */
    static final int ORDERS_MAX = 1024;

    private final List<RedisKeys> all;

    Partitions(int count) {
        all = RedisKeys.all(count);
    }

    List<RedisKeys> all() {
        return all;
    }

    RedisKeys of(UUID orderId) {
        return all.get(RedisKeys.partition(orderId, all.size()));
    }

    /**
     * Some of the elements of one partition.
     *
     * @param elements at most {@link #ORDERS_MAX}
     */
    record Share<T>(RedisKeys keys, List<T> elements) {}

    /** By partition, cut to size, in their order. */
    <T> List<Share<T>> shares(Collection<T> elements, Function<T, UUID> orderId) {
        Map<RedisKeys, List<T>> byPartition = new LinkedHashMap<>();
        for (T element : elements) {
            byPartition
                    .computeIfAbsent(of(orderId.apply(element)), keys -> new ArrayList<>())
                    .add(element);
        }
        List<Share<T>> shares = new ArrayList<>();
        byPartition.forEach((keys, mine) -> {
            for (int from = 0; from < mine.size(); from += ORDERS_MAX) {
                shares.add(new Share<>(keys, mine.subList(from, Math.min(mine.size(), from + ORDERS_MAX))));
            }
        });
        return shares;
    }

    /** One HLEN a partition, of the hash of that name. */
    List<Request> lengths(Function<RedisKeys, String> hash) {
        return all.stream().map(keys -> cmd(Command.HLEN, hash.apply(keys))).toList();
    }

    static long sum(List<Response> numbers) {
        return numbers.stream().mapToLong(RedisCommands::number).sum();
    }

    /** Those fields of a hash. */
    static Request fields(String hash, Collection<?> fields) {
        Request request = cmd(Command.HMGET, hash);
        fields.forEach(field -> request.arg(field.toString()));
        return request;
    }
}
