package dev.sluice.store.postgres;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and ends connections to PostgreSQL. A connection is fit for orders: reached within the connect timeout, on a
 * server that keeps what it commits, with the schema of this release. Called on an event loop; the connection lives
 * there.
 */
public final class PgConnector implements ReconnectingConnection.Server<PgConnection> {

    private static final Logger LOG = LoggerFactory.getLogger(PgConnector.class);

    /** The insert, the look-up and what migrations need; the default of 256 only costs memory. */
    private static final int STATEMENTS_CACHED_MAX = 8;

    /** How long a goodbye may take: a frozen server never answers it. */
    private static final long CLOSE_MS = 500;

    private final Vertx vertx;
    private final SluiceConfig config;
    private final Preparation preparation;

    /**
     * Connections as the configuration wants them.
     *
     * @throws dev.sluice.config.ConfigException where it has no {@code postgres.uri}
     */
    public PgConnector(Vertx vertx, SluiceConfig config) {
        this.vertx = vertx;
        this.config = config;
        config.postgres().requiredUri();
        this.preparation = new Preparation(vertx, config, this::opened);
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    /** Connects, checks and migrates. */
    @Override
    public Future<PgConnection> connect(StoreListener listener) {
        return opened().compose(
                        connection -> preparation.run(connection, listener).onFailure(error -> kill(connection)));
    }

    /** Connects, migrates whatever the server's settings are, and leaves; the result is the versions applied. */
    public Future<List<Integer>> migrate() {
        return opened().compose(connection -> preparation.migrate(connection).eventually(() -> close(connection)));
    }

    /** A connection that comes after its time is closed, not leaked. */
    Future<PgConnection> opened() {
        Future<PgConnection> opening = open();
        return Preparation.within(vertx, config.postgres().attemptMs(), opening)
                .onFailure(late -> opening.onComplete(this::kill, gone -> LOG.debug("not connected", gone)))
                .recover(error ->
                        Future.failedFuture(error instanceof PgException ? SqlStates.failureOfSent(error) : error));
    }

    private Future<PgConnection> open() {
        return PgLink.connect(vertx, config.postgres(), this::withTimeouts).recover(this::retryWithoutParameters);
    }

    /** PgBouncer refuses startup parameters that it does not track; the writer's own deadline still holds there. */
    private Future<PgConnection> retryWithoutParameters(Throwable error) {
        boolean refused = error instanceof PgException pg
                && pg.getErrorMessage() != null
                && pg.getErrorMessage().contains("startup parameter");
        if (!refused) {
            return Future.failedFuture(error);
        }
        LOG.debug("statement_timeout and lock_timeout are left to the pooler: {}", error.getMessage());
        return PgLink.connect(vertx, config.postgres(), PgConnector::withCache);
    }

    private PgConnectOptions withTimeouts(PgConnectOptions options) {
        return withCache(options)
                .addProperty("statement_timeout", Long.toString(config.writer().statementTimeoutMs()))
                .addProperty("lock_timeout", Long.toString(config.writer().lockTimeoutMs()));
    }

    private static PgConnectOptions withCache(PgConnectOptions options) {
        options.getProperties().remove("extra_float_digits"); // the client's own; no value here is a float
        return options.setCachePreparedStatements(true).setPreparedStatementCacheMaxSize(STATEMENTS_CACHED_MAX);
    }

    @Override
    public void onEnd(PgConnection connection, Consumer<String> ended) {
        connection.exceptionHandler(error -> kill(connection));
        connection.closeHandler(gone -> ended.accept("connection to PostgreSQL lost"));
    }

    /**
     * {@code close()} would queue a goodbye behind the statements that a frozen server does not answer. The client's
     * codec also makes a goodbye of every close that passes through it, so this close begins ahead of the codec.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the close handler tells the end
    public void kill(PgConnection connection) {
        if (((SqlConnectionInternal) connection).unwrap().unwrap() instanceof SocketConnectionBase socket) {
            ChannelHandlerContext first =
                    socket.socket().channelHandlerContext().pipeline().firstContext();
            if (first != null) { // else the channel has ended
                first.close();
            }
        }
    }

    @Override
    public Future<Void> close(PgConnection connection) {
        long timer = vertx.setTimer(CLOSE_MS, late -> kill(connection));
        return connection.close().onComplete(gone -> vertx.cancelTimer(timer));
    }

    /** It is looked at anew what lies between. */
    @Override
    public boolean needsNewConnection(Throwable error) {
        return SqlStates.isLostStatement(error);
    }

    @Override
    public StoreFailure failureOfSent(Throwable error) {
        return SqlStates.failureOfSent(error);
    }
}
