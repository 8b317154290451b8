package dev.sluice.load.verify;

import dev.sluice.store.ClientVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hashes of one Redis server, read by SCAN and HSCAN over one connection, a page of about {@value #COUNT} fields at
 * a time. Blocks, at most {@value #ANSWER_SECONDS} s for a page; one thread, not an event loop.
 */
final class RedisHashes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisHashes.class);
    private static final int ANSWER_SECONDS = 30;
    private static final String COUNT = "1000";

    private final Vertx vertx;
    private final RedisConnection connection;

    private RedisHashes(Vertx vertx, RedisConnection connection) {
        this.vertx = vertx;
        this.connection = connection;
    }

    /** @throws IOException where no Redis answers, or it refuses the user; the message holds no password */
    static RedisHashes connect(Function<Vertx, Future<RedisConnection>> connect) throws IOException {
        Vertx vertx = ClientVertx.make();
        try {
            RedisConnection connection = result(connect.apply(vertx));
            result(connection.send(Request.cmd(Command.PING)));
            return new RedisHashes(vertx, connection);
        } catch (IOException | RuntimeException e) {
            close(vertx);
            throw e;
        }
    }

    /** Every key that matches the glob, once, in order. */
    List<String> keys(String glob) throws IOException {
        TreeSet<String> keys = new TreeSet<>();
        String cursor = "0";
        do {
            Response page = send(Request.cmd(Command.SCAN, cursor, "MATCH", glob, "COUNT", COUNT));
            cursor = page.get(0).toString();
            page.get(1).forEach(key -> keys.add(key.toString()));
        } while (!cursor.equals("0"));
        return List.copyOf(keys);
    }

    /** Tells of every field that the hash holds during the whole call; of some more than once. */
    void fields(String key, BiConsumer<String, byte[]> found) throws IOException {
        String cursor = "0";
        do {
            Response page = send(Request.cmd(Command.HSCAN, key, cursor, "COUNT", COUNT));
            cursor = page.get(0).toString();
            Response pairs = page.get(1);
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                found.accept(
                        pairs.get(i).toString(StandardCharsets.UTF_8),
                        pairs.get(i + 1).toBytes());
            }
        } while (!cursor.equals("0"));
    }

    private Response send(Request command) throws IOException {
        Response reply = result(connection.send(command));
        if (reply == null || reply.size() != 2) {
            throw new IOException("Redis answered something else than a page");
        }
        return reply;
    }

    private static <T> T result(Future<T> future) throws IOException {
        try {
            return future.timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        close(vertx);
    }

    private static void close(Vertx vertx) {
        vertx.close().onFailure(error -> LOG.debug("not closed cleanly", error));
    }
}
