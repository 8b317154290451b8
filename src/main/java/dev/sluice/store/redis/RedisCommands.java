package dev.sluice.store.redis;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.Deadline;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import dev.sluice.store.redis.RedisConnector.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands to Redis on a connection of its own: alone, in batches, in transactions, and in changes that depend on
 * a look. Lives on one event loop. Its calls fail only with {@link StoreFailure}; unknown where commands were sent and
 * not answered in time.
 */
final class RedisCommands {

    /** How often a change looks anew because others changed the same keys, before it fails and changes nothing. */
    private static final int ATTEMPTS_MAX = 100;

    /** Commands of a transaction beside its own: MULTI and EXEC. */
    private static final int FRAME = 2;

    private final ReconnectingConnection<Link> connection;
    private final long commandDeadlineMs;
    private Future<?> lastChange = Future.succeededFuture();

    /** Connects in the background, and calls {@code onUp} before any other command goes into a new connection. */
    RedisCommands(Vertx vertx, SluiceConfig config, StoreListener listener, Runnable onUp) {
        commandDeadlineMs = config.overflow().deadlineMs();
        connection = new ReconnectingConnection<>(
                vertx,
                new RedisConnector(vertx, config),
                listener,
                config.redis().reconnectMs(),
                onUp);
    }

    void open() {
        connection.open();
    }

    boolean isUp() {
        return connection.isUp();
    }

    Future<Void> close() {
        return connection.close();
    }

    /** The client's own way with arguments makes requests that take no more. */
    static Request cmd(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return request;
    }

    /** The number in a reply that is one. */
    static long number(Response reply) {
        return Objects.requireNonNull(reply.toLong());
    }

    /** The deadline of a call that brings none. */
    Deadline commandDeadline() {
        return Deadline.after(System.nanoTime(), commandDeadlineMs);
    }

    /** Replies in the order of the commands; an error of one fails all, though the others ran. */
    Future<List<Response>> batch(List<Request> commands, Deadline deadline) {
        return connection.call(link -> link.connection().batch(commands), deadline);
    }

    Future<@Nullable Response> send(Request command, Deadline deadline) {
        return batch(List.of(command), deadline).map(replies -> replies.get(0));
    }

    /** All or nothing; the replies in the order of the commands, or none where a watched key changed. */
    private Future<List<Response>> transaction(List<Request> commands, Deadline deadline) {
        return batch(framed(commands), deadline).map(replies -> executed(replies.get(commands.size() + 1)));
    }

    /** All or nothing, and synced to disk when it answers; the replies in the order of the commands. */
    Future<List<Response>> syncedTransaction(List<Request> commands, Deadline deadline) {
        return connection
                .call(
                        link -> link.connection()
                                .batch(link.waitsForSync() ? synced(commands, deadline) : framed(commands)),
                        deadline)
                .map(replies -> {
                    if (replies.size() > commands.size() + FRAME) {
                        requireSynced(replies.get(replies.size() - 1));
                    }
                    return executed(replies.get(commands.size() + 1));
                });
    }

    private static List<Request> framed(List<Request> commands) {
        List<Request> framed = new ArrayList<>(commands.size() + FRAME + 1);
        framed.add(cmd(Command.MULTI));
        framed.addAll(commands);
        framed.add(cmd(Command.EXEC));
        return framed;
    }

    private static List<Request> synced(List<Request> commands, Deadline deadline) {
        List<Request> framed = framed(commands);
        long timeoutMs = Math.max(1, deadline.remainingMs(System.nanoTime()));
        framed.add(cmd(Command.create("WAITAOF"), "1", "0", Long.toString(timeoutMs)));
        return framed;
    }

    private static void requireSynced(Response synced) {
        if (number(synced.get(0)) < 1) {
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
                throw RedisErrors.failureOf(one);
            }
        }
        return replies;
    }

    /**
     * What to change after a look.
     *
     * @param commands of the transaction; none where there is nothing to change
     * @param result for the caller, once they are executed
     */
    record Decision<T>(List<Request> commands, T result) {}

    /**
     * Looks at keys, decides by what it saw, and changes them in one transaction; again from the look when another
     * connection changed them in between. Without scripts there is no other way to a conditional change. Changes run one
     * after the other: a WATCH belongs to a connection, and any transaction on it ends it.
     *
     * @param decide may throw {@link StoreFailure}: then nothing is changed
     */
    <T> Future<T> change(List<String> keys, List<Request> look, Function<List<Response>, Decision<T>> decide) {
        List<Request> watchAndLook = new ArrayList<>();
        watchAndLook.add(cmd(Command.WATCH, keys.toArray(String[]::new)));
        watchAndLook.addAll(look);
        Future<T> change =
                lastChange.transform(before -> attempt(watchAndLook, decide, commandDeadline(), ATTEMPTS_MAX));
        lastChange = change;
        return change;
    }

    private <T> Future<T> attempt(
            List<Request> watchAndLook, Function<List<Response>, Decision<T>> decide, Deadline deadline, int left) {
        if (left == 0 || deadline.remainingMs(System.nanoTime()) <= 0) {
            return Future.failedFuture(StoreFailure.notStored("Redis: others change the same keys all the time"));
        }
        return batch(watchAndLook, deadline)
                .map(replies -> decide.apply(replies.subList(1, replies.size())))
                .compose(decision -> decision.commands().isEmpty()
                        ? Future.succeededFuture(decision.result())
                        : transaction(decision.commands(), deadline)
                                .compose(executed -> executed.isEmpty()
                                        ? attempt(watchAndLook, decide, deadline, left - 1)
                                        : Future.succeededFuture(decision.result())));
    }
}
