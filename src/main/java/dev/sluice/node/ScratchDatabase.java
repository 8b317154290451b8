package dev.sluice.node;

import dev.sluice.config.PostgresConfig;
import dev.sluice.config.value.PostgresUri;
import dev.sluice.config.value.StoreUri;
import dev.sluice.store.ClientVertx;
import dev.sluice.store.postgres.PgLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A database for one run, on the PostgreSQL of a configuration: made for it and dropped after it, or one that is there for
 * the run anyway. Connects anew for each call: it is idle for most of its life. Any thread.
 */
public final class ScratchDatabase {

    private static final String PREFIX = "sluice_tune_";
    private static final int ID_LENGTH = 12;

    private final Vertx vertx = ClientVertx.make();
    private final PostgresConfig server;
    private final PostgresConfig own;
    private final boolean isMade;
    private volatile boolean isThere;

    private ScratchDatabase(PostgresConfig server, PostgresConfig own, boolean isMade) {
        this.server = server;
        this.own = own;
        this.isMade = isMade;
    }

    /** A new one beside the configured one, which is not touched. Not there before {@link #create}. */
    public static ScratchDatabase beside(PostgresConfig configured) {
        String name = PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, ID_LENGTH);
        String text = configured.requiredUri().value();
        String uri = text + (text.indexOf('?') < 0 ? "?" : "&") + "dbname=" + name;
        return new ScratchDatabase(configured, at(configured, StoreUri.postgres(uri)), true);
    }

    /** The database of a server that is there for the run alone. */
    public static ScratchDatabase of(PostgresConfig config, String uri) {
        PostgresConfig own = at(config, StoreUri.postgres(uri));
        return new ScratchDatabase(own, own, false);
    }

    private static PostgresConfig at(PostgresConfig config, PostgresUri uri) {
        return new PostgresConfig(
                uri,
                config.poolSize(),
                config.connectTimeoutMs(),
                config.reconnectMs(),
                config.lookupPoolSize(),
                config.tls());
    }

    /** Makes it, where it is to be made; fails with what PostgreSQL says. */
    public Future<Void> create() {
        return isMade
                ? on(server, "create database " + name())
                        .onSuccess(created -> isThere = true)
                        .mapEmpty()
                : Future.succeededFuture();
    }

    /** Its name, which needs no quotes. */
    public String name() {
        return own.requiredUri().database();
    }

    /** Where it is, password included. */
    public String uri() {
        return own.requiredUri().value();
    }

    /** Empties {@code orders}. */
    public Future<Void> empty() {
        return on(own, "truncate orders").mapEmpty();
    }

    /** Rows of {@code orders}. */
    public Future<Long> count() {
        return on(own, "select count(*) from orders")
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Drops it where it was made, whatever is connected to it, and lets go of what this object holds. */
    public Future<Void> drop() {
        Future<Void> dropped = isThere
                ? on(server, "drop database if exists " + name() + " with (force)")
                        .mapEmpty()
                : Future.succeededFuture();
        Promise<Void> gone = Promise.promise(); // bound to no event loop: after the close there is none
        dropped.onComplete(done -> vertx.close().onComplete(closed -> gone.handle(done)));
        return gone.future();
    }

    private Future<RowSet<Row>> on(PostgresConfig place, String sql) {
        return PgLink.connect(vertx, place, UnaryOperator.identity()).compose(connection -> run(connection, sql));
    }

    private static Future<RowSet<Row>> run(PgConnection connection, String sql) {
        return connection.query(sql).execute().eventually(connection::close);
    }
}
