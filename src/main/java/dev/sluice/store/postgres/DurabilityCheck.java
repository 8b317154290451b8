package dev.sluice.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a PostgreSQL server whether a commit that it reports survives a power loss, and a failover to a standby.
 */
final class DurabilityCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DurabilityCheck.class);

    private static final String SETTINGS_SQL =
            "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";

    /** Values of synchronous_commit that sync the local WAL and promise at least what {@code on} does. */
    private static final Set<String> SYNCHRONOUS = Set.of("on", "remote_apply");

    /** Roles without further rights see of each standby that there is one, and not how it follows. */
    private static final String LOSSY_STANDBYS_SQL = "SELECT EXISTS (SELECT FROM pg_stat_replication)"
            + " AND current_setting('synchronous_standby_names') = ''";

    private DurabilityCheck() {}

    /** The settings that break the promise, each with its mend; empty where the server keeps it. */
    static Future<List<String>> unsafeSettings(SqlConnection connection) {
        return connection
                .query(SETTINGS_SQL)
                .execute()
                .map(rows -> unsafeSettings(rows.iterator().next()));
    }

    private static List<String> unsafeSettings(Row row) {
        List<String> unsafe = new ArrayList<>();
        if (!"on".equals(row.getString(0))) {
            unsafe.add("fsync = " + row.getString(0) + " (set fsync = on)");
        }
        if (!"on".equals(row.getString(1))) {
            unsafe.add("full_page_writes = " + row.getString(1) + " (set full_page_writes = on)");
        }
        if (!SYNCHRONOUS.contains(row.getString(2))) {
            unsafe.add("synchronous_commit = " + row.getString(2)
                    + " (set synchronous_commit = on, also for this role and database)");
        }
        return unsafe;
    }

    /** Whether there are standbys, and no commit waits for any. Never fails: a server that does not tell has none. */
    static Future<Boolean> losesOnFailover(SqlConnection connection) {
        return connection
                .query(LOSSY_STANDBYS_SQL)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0))
                .otherwise(error -> {
                    LOG.debug("PostgreSQL does not tell of its standbys: {}", error.getMessage());
                    return false;
                });
    }
}
