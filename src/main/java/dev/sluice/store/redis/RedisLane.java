package dev.sluice.store.redis;

import dev.sluice.store.Deadline;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis that is made anew whenever it breaks, and closed when a command passes its deadline: the
 * client has neither a command timeout nor a reconnect. Commands sent while others are outstanding are pipelined.
 * Lives on one event loop. Its calls fail only with {@link StoreFailure}; unknown where commands were sent and not
 * answered in time.
 */
final class RedisLane {

    /** Pauses between attempts to connect grow to this many times the first. */
    private static final int BACKOFF_MAX = 4;

    private final Vertx vertx;
    private final RedisOptions options;
    private final RedisConnector connector;
    private final StoreListener status;
    private final Runnable onUp;

    private @Nullable RedisLink link;
    private int failures;
    private boolean closed;

    /**
     * A lane that is not connected yet.
     *
     * @param onUp run whenever a connection stands, before anything else is sent into it
     */
    RedisLane(Vertx vertx, RedisOptions options, StoreListener status, Runnable onUp) {
        this.vertx = vertx;
        this.options = options;
        this.connector = new RedisConnector(vertx, options);
        this.status = status;
        this.onUp = onUp;
    }

    /** Connects now and again whenever the connection breaks, until {@link #close()}. */
    void open() {
        connector.connect().onSuccess(this::connected).onFailure(this::failed);
    }

    boolean isUp() {
        return link != null;
    }

    /** For a call that brings none. */
    Deadline commandDeadline() {
        return Deadline.after(System.nanoTime(), options.commandDeadlineMs());
    }

    /** Replies in the order of the commands; an error of one fails all, though the others ran. */
    Future<List<Response>> batch(List<Request> commands, Deadline deadline) {
        RedisLink current = link;
        if (current == null) {
            return Future.failedFuture(StoreFailure.notStored("Redis cannot be reached"));
        }
        Promise<List<Response>> promise = Promise.promise();
        long timer =
                vertx.setTimer(Math.max(1, deadline.remainingMs(System.nanoTime())), id -> giveUp(current, promise));
        current.connection().batch(commands).onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(failure(current, result.cause()));
            }
        });
        return promise.future();
    }

    Future<@Nullable Response> send(Request command, Deadline deadline) {
        return batch(List.of(command), deadline).map(replies -> replies.get(0));
    }

    /** All or nothing; the replies in the order of the commands, or none where a watched key changed. */
    Future<List<Response>> transaction(List<Request> commands, Deadline deadline) {
        return batch(framed(commands), deadline).map(replies -> executed(replies.get(commands.size() + 1)));
    }

    /** As {@link #transaction}, and synced to disk when it answers. */
    Future<List<Response>> syncedTransaction(List<Request> commands, Deadline deadline) {
        RedisLink current = link;
        if (current == null || !current.waitsForSync()) {
            return transaction(commands, deadline);
        }
        List<Request> framed = framed(commands);
        long timeoutMs = Math.max(1, deadline.remainingMs(System.nanoTime()));
        framed.add(Requests.cmd(Command.create("WAITAOF"), "1", "0", Long.toString(timeoutMs)));
        return batch(framed, deadline).map(replies -> {
            requireSynced(replies.get(framed.size() - 1));
            return executed(replies.get(commands.size() + 1));
        });
    }

    private static List<Request> framed(List<Request> commands) {
        List<Request> framed = new ArrayList<>(commands.size() + 3);
        framed.add(Requests.cmd(Command.MULTI));
        framed.addAll(commands);
        framed.add(Requests.cmd(Command.EXEC));
        return framed;
    }

    private static void requireSynced(Response synced) {
        if (Requests.number(synced.get(0)) < 1) {
            throw StoreFailure.unknown("Redis did not sync to disk within the deadline");
        }
    }

    /** A command that fails inside a transaction does not undo the others. */
    private static List<Response> executed(@Nullable Response reply) {
        List<Response> replies = new ArrayList<>();
        if (reply != null) {
            reply.forEach(replies::add);
        }
        for (Response one : replies) {
            if (one != null && one.type() == ResponseType.ERROR) {
                throw StoreFailure.unknown("Redis: " + one);
            }
        }
        return replies;
    }

    private StoreFailure failure(RedisLink used, Throwable error) {
        if (RedisErrors.wantsNewConnection(error)) {
            dropped(used, String.valueOf(error.getMessage()));
        }
        return RedisErrors.failureOf(error);
    }

    private void giveUp(RedisLink stuck, Promise<?> promise) {
        String reason = "Redis did not answer within the deadline";
        dropped(stuck, reason);
        promise.tryFail(StoreFailure.unknown(reason));
    }

    Future<Void> close() {
        closed = true;
        RedisLink current = link;
        link = null;
        if (current == null) {
            return Future.succeededFuture();
        }
        status.closed();
        return current.client().close();
    }

    private void connected(RedisLink fresh) {
        if (closed) {
            fresh.kill();
            return;
        }
        failures = 0;
        link = fresh;
        fresh.connection()
                .exceptionHandler(error -> dropped(fresh, "connection to Redis broke: " + error.getMessage()))
                .endHandler(gone -> dropped(fresh, "connection to Redis lost"));
        onUp.run();
        status.found(fresh.findings());
        status.up();
    }

    /** Nothing more is sent into a connection that is closed or about to be. */
    private void dropped(RedisLink gone, String reason) {
        if (gone.equals(link)) {
            link = null;
            gone.kill();
            status.down(reason);
            open();
        }
    }

    private void failed(Throwable error) {
        if (closed) {
            return;
        }
        status.refused(error);
        failures = Math.min(failures + 1, BACKOFF_MAX);
        vertx.setTimer(options.reconnectMs() * failures, id -> {
            if (!closed) {
                open();
            }
        });
    }
}
