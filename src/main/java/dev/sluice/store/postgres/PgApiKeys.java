package dev.sluice.store.postgres;

import dev.sluice.auth.ApiKey;
import dev.sluice.auth.KeyHash;
import dev.sluice.auth.Scope;
import dev.sluice.config.SluiceConfig;
import dev.sluice.keys.KeyRegistry;
import dev.sluice.keys.KeysJson;
import dev.sluice.store.Deadline;
import dev.sluice.store.ReconnectingConnection;
import dev.sluice.store.StoreListener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys in the table {@code api_keys}, on a connection of its own. Lives on the event loop that opened it. */
public final class PgApiKeys implements KeyRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(PgApiKeys.class);

    private static final String COLUMNS =
            "key_id, account, hash, scopes, created_at, not_before, expires_at, revoked_at, note";
    private static final String NEWEST = " ORDER BY created_at DESC, key_id LIMIT " + KEYS_MAX;

    private static final String CURRENT = "SELECT " + COLUMNS + " FROM api_keys"
            + " WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"
            + NEWEST;
    private static final String ALL = "SELECT " + COLUMNS + " FROM api_keys" + NEWEST;
    private static final String ADD = "INSERT INTO api_keys (" + COLUMNS + ") VALUES ($1::text, $2::text, $3::bytea,"
            + " $4::text[], $5::timestamptz, $6::timestamptz, $7::timestamptz, $8::timestamptz, $9::text)";
    private static final String END = "UPDATE api_keys SET expires_at = least(expires_at, $2::timestamptz),"
            + " revoked_at = least(revoked_at, $3::timestamptz) WHERE key_id = $1::text RETURNING " + COLUMNS;

    private final ReconnectingConnection<PgConnection> connection;
    private final long callMs;

    private PgApiKeys(ReconnectingConnection<PgConnection> connection, long callMs) {
        this.connection = connection;
        this.callMs = callMs;
    }

    /**
     * Opens the connection in the background; until it stands, calls fail at once.
     *
     * @param callMs how long one call may take
     */
    public static PgApiKeys open(Vertx vertx, SluiceConfig config, StoreListener listener, long callMs) {
        ReconnectingConnection<PgConnection> connection = new ReconnectingConnection<>(
                vertx,
                new PgConnector(vertx, config),
                listener,
                config.postgres().reconnectMs());
        connection.open();
        return new PgApiKeys(connection, callMs);
    }

    @Override
    public Future<List<ApiKey>> current() {
        return rows(CURRENT, Tuple.tuple()).map(PgApiKeys::keys);
    }

    @Override
    public Future<List<ApiKey>> all() {
        return rows(ALL, Tuple.tuple()).map(PgApiKeys::keys);
    }

    @Override
    public Future<Void> add(ApiKey key) {
        String[] scopes = key.scopes().stream().sorted().map(Scope::text).toArray(String[]::new);
        Tuple values = Tuple.tuple()
                .addString(key.keyId())
                .addString(key.account())
                .addBuffer(Buffer.buffer(key.hash().bytes()))
                .addArrayOfString(scopes)
                .addOffsetDateTime(time(key.createdAt()))
                .addOffsetDateTime(time(key.notBefore()))
                .addOffsetDateTime(time(key.expiresAt()))
                .addOffsetDateTime(time(key.revokedAt()))
                .addString(key.note());
        return rows(ADD, values).mapEmpty();
    }

    @Override
    public Future<Optional<ApiKey>> end(String keyId, @Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        Tuple values = Tuple.tuple()
                .addString(keyId)
                .addOffsetDateTime(time(expiresAt))
                .addOffsetDateTime(time(revokedAt));
        return rows(END, values).map(rows -> keys(rows).stream().findFirst());
    }

    private Future<RowSet<Row>> rows(String sql, Tuple values) {
        Function<PgConnection, Future<RowSet<Row>>> call =
                pg -> pg.preparedQuery(sql).execute(values);
        return connection.call(call, Deadline.after(System.nanoTime(), callMs));
    }

    /** A row that is no key opens nothing, and keeps no other one from being read: it is left out, and said at debug. */
    private static List<ApiKey> keys(RowSet<Row> rows) {
        List<ApiKey> keys = new ArrayList<>(rows.size());
        for (Row row : rows) {
            try {
                keys.add(KeysJson.requireSound(key(row)));
            } catch (RuntimeException error) { // of the driver too: an array of arrays, say
                LOG.debug("a row of api_keys is no key: {}", row.getString(0), error);
            }
        }
        return keys;
    }

    private static ApiKey key(Row row) {
        return new ApiKey(
                row.getString(0),
                row.getString(1),
                KeyHash.ofBytes(row.getBuffer(2).getBytes()),
                Scope.known(Arrays.asList(row.getArrayOfStrings(3))),
                row.getOffsetDateTime(4).toInstant(),
                instant(row.getOffsetDateTime(5)),
                instant(row.getOffsetDateTime(6)),
                instant(row.getOffsetDateTime(7)),
                row.getString(8));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    @Override
    public Future<Void> close() {
        return connection.close();
    }
}
