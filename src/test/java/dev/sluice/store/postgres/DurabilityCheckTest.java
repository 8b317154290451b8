package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contract")
class DurabilityCheckTest {

    private final Vertx vertx = Vertx.vertx();

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @Test
    void aFollowerThatNoCommitWaitsForMayMissTheLastOnes() throws Exception {
        PgConnectOptions options = PgConnectOptions.fromUri(TestPostgres.freshDatabase());
        PgConnection connection = get(PgConnection.connect(vertx, options));
        assertFalse(get(DurabilityCheck.losesOnFailover(connection)));

        PgConnectOptions follower = new PgConnectOptions(options).addProperty("replication", "database");
        PgConnection following = get(PgConnection.connect(vertx, follower));
        assertTrue(get(DurabilityCheck.losesOnFailover(connection)));

        get(following.close());
        Await.until("a follower that left is not counted", () -> !get(DurabilityCheck.losesOnFailover(connection)));
    }
}
