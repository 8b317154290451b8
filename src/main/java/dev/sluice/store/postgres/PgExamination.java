package dev.sluice.store.postgres;

import static dev.sluice.doctor.Check.Verdict.FAIL;
import static dev.sluice.doctor.Check.Verdict.WARN;

import dev.sluice.config.SluiceConfig;
import dev.sluice.doctor.Check;
import dev.sluice.doctor.Findings;
import dev.sluice.doctor.StoreChecks;
import dev.sluice.store.UnfitStoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a PostgreSQL as a start would, and writes no table of it: a start's migrations are not run. On an event loop;
 * made for one look.
 */
public final class PgExamination {

    private static final Logger LOG = LoggerFactory.getLogger(PgExamination.class);

    private static final int ROUND_TRIPS = 21;
    private static final int SYNCS = 11;
    private static final long CLOCK_AHEAD_MS_MAX = 1_000;
    private static final long MIB = 1 << 20;
    private static final long WAL_BYTES_MIN = 2L << 30;
    private static final long BUFFER_BYTES_MIN = 128L << 20;
    private static final int SECONDS_BETWEEN_CHECKPOINTS_MIN = 300;

    private static final String SERVER = """
            SELECT current_setting('server_version'), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
                   clock_timestamp(), pg_size_bytes(current_setting('max_wal_size')),
                   pg_size_bytes(current_setting('shared_buffers')),
                   extract(epoch FROM current_setting('checkpoint_timeout')::interval)::int,
                   current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int,
                   current_setting('wal_sync_method')""";

    /** A record in the write-ahead log and nothing else: its commit is synced as an order's is. */
    private static final String SYNC = "SELECT pg_logical_emit_message(true, 'sluice-doctor', '')";

    private final Vertx vertx;
    private final SluiceConfig config;
    private final PgConnector connector;
    private Findings found;

    private PgExamination(Vertx vertx, SluiceConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.connector = new PgConnector(vertx, config);
        this.found = Findings.ofStart(StoreChecks.tls(
                "PostgreSQL", config.postgres().requiredUri(), config.postgres().link()));
    }

    /** Never fails: that it cannot be looked at is a finding too. The configuration has a {@code postgres.uri}. */
    public static Future<Findings> of(Vertx vertx, SluiceConfig config) {
        PgExamination examination = new PgExamination(vertx, config);
        return examination.run().otherwise(examination::refused);
    }

    private Future<Findings> run() {
        return connector
                .opened()
                .compose(connection -> Preparation.within(vertx, config.store().startWaitMs(), look(connection))
                        .eventually(() -> connector.close(connection)))
                .map(looked -> found);
    }

    private Findings refused(Throwable error) {
        LOG.debug("PostgreSQL could not be looked at", error);
        String mend = "is it running at " + config.postgres().requiredUri() + "? check address, user and password";
        return found.and(Findings.ofStart(
                error instanceof UnfitStoreException unfit
                        ? StoreChecks.refused("PostgreSQL", unfit.what(), unfit.mend())
                        : StoreChecks.refused("PostgreSQL", String.valueOf(error.getMessage()), mend)));
    }

    private Future<Void> look(PgConnection connection) {
        return DurabilityCheck.unsafeSettings(connection)
                .onSuccess(this::kept)
                .compose(unsafe -> PoolerCheck.keepsStatements(vertx, connection, connector::opened))
                .compose(pooled -> Migrations.isMissing(connection))
                .compose(missing -> connection.query(SERVER).execute().compose(rows -> {
                    Row server = rows.iterator().next();
                    server(server, missing);
                    return missing ? placeForTable(connection) : table(connection);
                }))
                .compose(looked -> DurabilityCheck.losesOnFailover(connection))
                .onSuccess(this::failover)
                .compose(looked -> times(connection));
    }

    private void kept(List<String> unsafe) {
        add(StoreChecks.keeps(
                "a 201 is kept",
                "fsync, full_page_writes and synchronous_commit on",
                unsafe,
                config.store().allowUnsafe()));
    }

    /** Rights, columns and keys, as the statements of an order need them; nothing is executed. */
    private Future<Void> table(PgConnection connection) {
        return TableCheck.takesOrders(connection)
                .recover(error -> UnfitDatabase.judged(connection, error))
                .onSuccess(fit -> add(Check.ok("rights", "insert and read orders", "yes")))
                .compose(fit -> Hazards.of(connection))
                .onSuccess(hazards -> StoreChecks.hazards("PostgreSQL", hazards).forEach(this::add))
                .mapEmpty();
    }

    /** A start would make the table, which another of that name does not let it, or add to one of an older release. */
    private Future<Void> placeForTable(PgConnection connection) {
        return UnfitDatabase.look(connection).compose(seen -> {
            if (seen.orders() == null) {
                return Future.succeededFuture();
            }
            return seen.migrations() != null
                    ? table(connection)
                    : Future.failedFuture(seen.verdict("a " + seen.orders() + " orders is there", seen.anotherPlace()));
        });
    }

    private void server(Row row, boolean missing) {
        add(StoreChecks.reached("PostgreSQL", config.postgres().requiredUri(), row.getString(0)));
        schema(missing, row.getBoolean(1));
        long aheadMs = Duration.between(Instant.now(), row.getOffsetDateTime(2).toInstant())
                .toMillis();
        add(Check.of(
                "clocks agree",
                "PostgreSQL's within " + CLOCK_AHEAD_MS_MAX + " ms of this machine's",
                aheadMs + " ms ahead",
                Math.abs(aheadMs) <= CLOCK_AHEAD_MS_MAX,
                WARN,
                "run an NTP client on both machines: acceptedAt is of this clock, committedAt of that one"));
        found = found.and(Findings.ofSpeed(List.of(
                size(
                        "max_wal_size",
                        row.getLong(3),
                        WAL_BYTES_MIN,
                        "alter system set max_wal_size = '4GB': fewer checkpoints under load"),
                size(
                        "shared_buffers",
                        row.getLong(4),
                        BUFFER_BYTES_MIN,
                        "alter system set shared_buffers = '1GB' (about a quarter of its memory), and restart it"),
                checkpoints(row.getInteger(5)),
                connections(row.getInteger(6)),
                Check.of(
                        "wal_sync_method",
                        "fdatasync, or what pg_test_fsync found quicker here",
                        row.getString(7),
                        !row.getString(7).equals("fsync"),
                        WARN,
                        "alter system set wal_sync_method = 'fdatasync'"))));
    }

    private void schema(boolean missing, boolean mayCreate) {
        String current = missing
                ? (mayCreate ? "missing or older; the first start makes it" : "missing or older, and may not")
                : "of this release";
        add(Check.of(
                "schema",
                "there, or this role may create it",
                current,
                !missing || mayCreate,
                FAIL,
                "grant create on the schema to this role, or run sluice db migrate as one that may"));
    }

    private static Check size(String name, long bytes, long min, String mend) {
        return Check.of(name, "≥ " + min / MIB + " MiB", bytes / MIB + " MiB", bytes >= min, WARN, mend);
    }

    private static Check checkpoints(int seconds) {
        return Check.of(
                "checkpoint_timeout",
                "≥ " + SECONDS_BETWEEN_CHECKPOINTS_MIN + " s",
                seconds + " s",
                seconds >= SECONDS_BETWEEN_CHECKPOINTS_MIN,
                WARN,
                "alter system set checkpoint_timeout = '15min': each checkpoint has every page written whole once more");
    }

    /** A start opens all of them; what other nodes of the cluster have is counted as taken. */
    private Check connections(int free) {
        int writers = config.writer().instances().resolve(Runtime.getRuntime().availableProcessors());
        int needed = writers * config.postgres().poolSize() + config.postgres().lookupPoolSize() + 2;
        return Check.of(
                "free connections",
                "≥ " + needed + " (writers, look-ups and the drain)",
                Integer.toString(free),
                free >= needed,
                WARN,
                "alter system set max_connections, or a lower postgres.poolSize or writer.instances");
    }

    private void failover(boolean lossy) {
        add(StoreChecks.failover("a 201 outlives a failover", lossy, "set synchronous_standby_names"));
    }

    private Future<Void> times(PgConnection connection) {
        return StoreChecks.medianMs(
                        ROUND_TRIPS, () -> connection.query("SELECT 1").execute())
                .onSuccess(ms -> addSpeed(StoreChecks.roundTrip("PostgreSQL", ms)))
                .compose(trip -> StoreChecks.medianMs(
                                SYNCS, () -> connection.query(SYNC).execute())
                        .otherwise(-1.0))
                .onSuccess(ms -> addSpeed(StoreChecks.sync("PostgreSQL", ms)))
                .mapEmpty();
    }

    private void add(Check check) {
        found = found.and(Findings.ofStart(check));
    }

    private void addSpeed(Check check) {
        found = found.and(Findings.ofSpeed(List.of(check)));
    }
}
