package dev.sluice.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the server of a store. It is made anew whenever it breaks, and killed when a call passes its
 * deadline: neither client has a timeout for calls, and a frozen server answers none. Calls made while others are
 * outstanding are pipelined. Lives on one event loop.
 *
 * @param <C> the client's connection
 */
public final class ReconnectingConnection<C> {

    /**
     * How connections to one kind of server are made and ended.
     *
     * @param <C> the client's connection
     */
    public interface Server<C> {

        /** The name of the server in messages. */
        String name();

        /**
         * Makes a connection that is fit for orders.
         *
         * @param listener hears what was found out about the server
         * @return fails with {@link UnfitStoreException} on a server that takes no orders as it is
         */
        Future<C> connect(StoreListener listener);

        /** Calls back, with the reason, when the connection has ended without {@link #kill} or {@link #close}. */
        void onEnd(C connection, Consumer<String> ended);

        /** Closes the socket at once. Harmless on a connection that has ended. */
        void kill(C connection);

        /** Says goodbye to the server, and closes the socket within a bound. */
        Future<Void> close(C connection);

        /** What the failure of a call that was sent says about the orders in it. */
        StoreFailure failureOfSent(Throwable error);

        /** Whether a new connection may cure the failure of a call. */
        default boolean needsNewConnection(Throwable error) {
            return false;
        }
    }

    /** Pauses between attempts to connect grow to this many times the first. */
    private static final int BACKOFF_MAX = 4;

    /** Pause before a server that takes no orders as it is is looked at again: somebody has to change it. */
    private static final long UNFIT_PAUSE_MS = 2_000;

    private final Vertx vertx;
    private final Server<C> server;
    private final StoreListener listener;
    private final long reconnectMs;
    private final Runnable onUp;

    private @Nullable C connection;
    private int outstanding;
    private int failures;
    private boolean closed;

    public ReconnectingConnection(Vertx vertx, Server<C> server, StoreListener listener, long reconnectMs) {
        this(vertx, server, listener, reconnectMs, () -> {});
    }

    /**
     * A connection that is not made yet.
     *
     * @param reconnectMs first pause between two attempts to connect
     * @param onUp called whenever a connection stands, before any other call is sent into it
     */
    public ReconnectingConnection(
            Vertx vertx, Server<C> server, StoreListener listener, long reconnectMs, Runnable onUp) {
        this.vertx = vertx;
        this.server = server;
        this.listener = listener;
        this.reconnectMs = reconnectMs;
        this.onUp = onUp;
    }

    /** Connects now and again whenever the connection breaks, until {@link #close()}. */
    public void open() {
        server.connect(listener).onSuccess(this::connected).onFailure(this::failed);
    }

    public boolean isUp() {
        return connection != null;
    }

    /** Calls sent and not answered. */
    public int outstanding() {
        return outstanding;
    }

    /** A call without a connection: nothing was sent. */
    public <T> Future<T> unreachable() {
        return Future.failedFuture(StoreFailure.notStored(server.name() + " cannot be reached"));
    }

    /**
     * Sends a call.
     *
     * @param call given the connection that stands now
     * @return fails only with {@link StoreFailure}; unknown where the call was sent and not answered in time
     */
    public <T> Future<T> call(Function<C, Future<T>> call, Deadline deadline) {
        C current = connection;
        if (current == null) {
            return unreachable();
        }
        outstanding++;
        Promise<T> promise = Promise.promise();
        long timer =
                vertx.setTimer(Math.max(1, deadline.remainingMs(System.nanoTime())), id -> giveUp(current, promise));
        call.apply(current).onComplete(result -> {
            vertx.cancelTimer(timer);
            outstanding--;
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(failure(current, result.cause()));
            }
        });
        return promise.future();
    }

    private void giveUp(C stuck, Promise<?> promise) {
        String reason = server.name() + " did not answer within the deadline";
        dropped(stuck, reason);
        promise.tryFail(StoreFailure.unknown(reason));
        server.kill(stuck);
    }

    private StoreFailure failure(C used, Throwable error) {
        if (server.needsNewConnection(error)) {
            dropped(used, String.valueOf(error.getMessage()));
            server.kill(used);
        }
        return server.failureOfSent(error);
    }

    /** Ends the connection for good; outstanding calls fail or end as unknown. */
    public Future<Void> close() {
        closed = true;
        C current = connection;
        connection = null;
        if (current == null) {
            return Future.succeededFuture();
        }
        listener.closed();
        return server.close(current);
    }

    private void connected(C fresh) {
        if (closed) {
            server.kill(fresh);
            return;
        }
        failures = 0;
        connection = fresh;
        server.onEnd(fresh, reason -> dropped(fresh, reason));
        onUp.run();
        listener.up();
    }

    /** Nothing more is sent into a connection that has ended or is about to: closing takes a while. */
    private void dropped(C gone, String reason) {
        if (connection == gone) {
            connection = null;
            listener.down(reason);
            open();
        }
    }

    private void failed(Throwable error) {
        if (closed) {
            return;
        }
        listener.refused(error);
        failures = Math.min(failures + 1, BACKOFF_MAX);
        long pauseMs = error instanceof UnfitStoreException ? UNFIT_PAUSE_MS : reconnectMs * failures;
        vertx.setTimer(pauseMs, id -> {
            if (!closed) {
                open();
            }
        });
    }
}
