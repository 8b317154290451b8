package dev.sluice.store.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Which dead letters and tombstones an order id has: members {@code order id:dead letter id}, all of score 0. */
final class DeadLetterIndex {

    private static final int UUID_CHARS = 36;

    private DeadLetterIndex() {}

    static String member(UUID orderId, UUID letter) {
        return orderId + ":" + letter;
    }

    /** The semicolon is the character after the colon. */
    static Request ofOrder(RedisKeys keys, UUID orderId) {
        return Requests.cmd(Command.ZRANGE, keys.deadByOrder(), "[" + orderId + ":", "(" + orderId + ";", "BYLEX");
    }

    static List<String> letters(Response members) {
        List<String> letters = new ArrayList<>();
        members.forEach(member -> letters.add(member.toString().substring(UUID_CHARS + 1)));
        return letters;
    }
}
