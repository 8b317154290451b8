package dev.sluice.store.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a PostgreSQL server whether somebody may take its place who does not have what it committed last. */
final class Standbys {

    private static final Logger LOG = LoggerFactory.getLogger(Standbys.class);

    /** Roles without further rights see of each standby that there is one, and not how it follows. */
    private static final String SQL = "SELECT EXISTS (SELECT FROM pg_stat_replication)"
            + " AND current_setting('synchronous_standby_names') = ''";

    private Standbys() {}

    /** Whether there are standbys, and no commit waits for any. Never fails: a server that does not tell has none. */
    static Future<Boolean> canLose(SqlConnection connection) {
        return connection
                .query(SQL)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0))
                .otherwise(error -> {
                    LOG.debug("PostgreSQL does not tell of its standbys: {}", error.getMessage());
                    return false;
                });
    }
}
