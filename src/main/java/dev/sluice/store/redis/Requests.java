package dev.sluice.store.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Objects;

/** Makes commands, as the client's own way with arguments makes requests that take no more; reads numbers. */
final class Requests {

    private Requests() {}

    static Request cmd(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return request;
    }

    /** Of a reply that is one. */
    static long number(Response reply) {
        return Objects.requireNonNull(reply.toLong());
    }
}
