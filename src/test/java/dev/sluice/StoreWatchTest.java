package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.Readiness;
import dev.sluice.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreWatchTest {

    private final Metrics metrics = Metrics.on("test");
    private final Readiness readiness = new Readiness();
    private final StoreWatch watch = new StoreWatch(readiness.condition("postgres"), metrics);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void connectionsThatALeavingWriterClosedDoNotHideAnOutage() {
        watch.up();
        watch.up();
        watch.closed();
        assertTrue(readiness.isReady());
        watch.down("connection lost");
        assertFalse(readiness.isReady());
        assertFalse(metrics.postgresUp().holds());
    }

    @Test
    void onlyALostConnectionIsOpenedAgain() {
        watch.up();
        watch.up();
        assertEquals(0, metrics.postgresReconnects().total());
        watch.down("connection lost");
        watch.up();
        watch.up();
        assertEquals(1, metrics.postgresReconnects().total());
    }
}
