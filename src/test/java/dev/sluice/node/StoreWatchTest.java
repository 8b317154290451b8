package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.admin.Readiness;
import dev.sluice.metrics.Metrics;
import dev.sluice.rig.LogLines;
import dev.sluice.store.UnfitStoreException;
import dev.sluice.store.UnsafeStoreException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreWatchTest {

    private final Metrics metrics = Metrics.on("test");
    private final Readiness readiness = new Readiness();
    private final Stores stores = new Stores(readiness, metrics, false);
    private final StoreWatch watch = stores.postgres();

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
        assertEquals(0, metrics.stores().postgresUp().now());
    }

    @Test
    void onlyALostConnectionIsOpenedAgain() {
        watch.up();
        watch.up();
        assertEquals(0, metrics.stores().postgresReconnects().total());
        watch.down("connection lost");
        watch.up();
        watch.up();
        assertEquals(1, metrics.stores().postgresReconnects().total());
    }

    @Test
    void aLossThatManyConnectionsTellOfIsOneErrorOfTheNode() {
        try (LogLines log = LogLines.of(StoreWatch.class)) {
            watch.lost("3 orders");
            watch.lost("2 orders");
            List<String> errors =
                    log.lines().stream().filter(line -> line.contains("ERROR")).toList();
            assertEquals(1, errors.size(), errors.toString());
            assertTrue(errors.get(0).contains("ACKNOWLEDGED ORDERS MAY BE LOST: 3 orders"), errors.toString());
        }
    }

    @Test
    void withAnOverflowANodeIsReadyWhileEitherStoreIs() {
        Readiness ready = new Readiness();
        Stores both = new Stores(ready, metrics, true);
        assertFalse(ready.isReady());
        both.postgres().refused(new IllegalStateException("connection refused"));
        both.redis().up();
        assertTrue(ready.isReady());
        both.postgres().up();
        both.redis().down("connection lost");
        assertTrue(ready.isReady());
        both.postgres().down("gone");
        assertFalse(ready.isReady());
        assertTrue(ready.checks().stream()
                .anyMatch(check -> check.detail().equals("PostgreSQL: gone; Redis: connection lost")));
        assertTrue(String.valueOf(both.unreachable().getMessage()).contains("postgres.uri): connection refused"));
    }

    @Test
    void aStartWaitsUntilBothStoresWereTried() {
        Stores both = new Stores(new Readiness(), metrics, true);
        both.postgres().up();
        assertFalse(both.answer().isComplete());
        both.redis().refused(new IllegalStateException("connection refused"));
        assertTrue(both.answer().succeeded());
    }

    @Test
    void anUnsafeStoreFailsAStartThoughTheOtherOneStands() {
        Stores both = new Stores(new Readiness(), metrics, true);
        both.postgres().up();
        both.redis().refused(new UnsafeStoreException("Redis", List.of("appendonly = no")));
        assertTrue(both.answer().failed());
    }

    /** Silence may be that of a cold start: what comes after it still counts. */
    @Test
    void aVerdictIsNotCoveredByAnEarlierSilence() {
        Stores both = new Stores(new Readiness(), metrics, true);
        both.redis().up();
        both.postgres().refused(new TimeoutException("no answer"));
        assertFalse(both.answer().isComplete(), "one silence is no answer");
        both.postgres().refused(new UnfitStoreException("PostgreSQL lacks a right", "GRANT it;"));
        assertTrue(both.answer().failed());
    }

    @Test
    void theSilenceOfAColdMachineIsNoOutageYetAndAnAnswerIs() {
        try (LogLines log = LogLines.of(StoreWatch.class)) {
            watch.refused(new TimeoutException("no answer"));
            assertEquals(
                    0,
                    log.lines().stream().filter(line -> line.contains("WARN")).count());
            assertTrue(readiness.checks().toString().contains("no answer"), "/readyz says it all the same");
            watch.refused(new IllegalStateException("connection refused"));
            assertEquals(
                    1,
                    log.lines().stream().filter(line -> line.contains("WARN")).count());
        }
    }

    @Test
    void aSilenceAfterAConnectionIsAnOutage() {
        watch.up();
        watch.closed();
        try (LogLines log = LogLines.of(StoreWatch.class)) {
            watch.refused(new TimeoutException("no answer"));
            assertEquals(
                    1,
                    log.lines().stream().filter(line -> line.contains("WARN")).count());
        }
    }

    @Test
    void aVerdictIsNotCoveredByALaterSilenceOrLossAndEndsWithAConnection() {
        Readiness ready = new Readiness();
        Stores both = new Stores(ready, metrics, true);
        both.redis().up();
        both.postgres().refused(new UnfitStoreException("PostgreSQL lacks a right", "GRANT it;"));
        both.postgres().refused(new TimeoutException("no answer"));
        both.postgres().refused(new IllegalStateException("connection refused"));
        assertTrue(
                ready.checks().toString().contains("PostgreSQL: PostgreSQL lacks a right. GRANT it;"),
                ready.checks().toString());
        assertEquals(1, metrics.stores().unfit().now());
        both.postgres().up();
        both.postgres().down("connection lost");
        both.postgres().refused(new TimeoutException("no answer"));
        assertTrue(
                ready.checks().toString().contains("PostgreSQL: no answer"),
                ready.checks().toString());
        assertEquals(0, metrics.stores().unfit().now());
    }

    @Test
    void aRefusedPasswordIsNotCoveredByTheSilenceOfAnotherConnection() {
        watch.refused(new IllegalStateException("28P01"));
        watch.refused(new TimeoutException("no answer"));
        assertEquals("28P01", watch.trouble());
        watch.refused(new IllegalStateException("connection refused"));
        assertEquals("connection refused", watch.trouble());
    }

    @Test
    void aVerdictIsAnErrorOfTheLogAgainAndAgain() {
        Refusals refusals = new Refusals();
        UnfitStoreException verdict = new UnfitStoreException("what", "mend");
        refusals.add(verdict, 0);
        assertTrue(refusals.isToBeSaid(0));
        refusals.add(verdict, 1);
        assertFalse(refusals.isToBeSaid(1), "said a moment ago");
        assertTrue(refusals.isToBeSaid(Refusals.SAID_AGAIN_NANOS));
        refusals.add(new UnfitStoreException("another", "mend"), Refusals.SAID_AGAIN_NANOS + 1);
        assertTrue(refusals.isToBeSaid(Refusals.SAID_AGAIN_NANOS + 1), "another one is said at once");
    }

    @Test
    void aSilenceThatLastsIsEnoughToStartWithout() {
        Refusals refusals = new Refusals();
        TimeoutException silence = new TimeoutException("no answer");
        refusals.add(silence, 5);
        refusals.add(silence, Refusals.SILENCE_NANOS + 4);
        assertFalse(refusals.isEnough(Refusals.SILENCE_NANOS + 4));
        refusals.add(silence, Refusals.SILENCE_NANOS + 5);
        assertTrue(refusals.isEnough(Refusals.SILENCE_NANOS + 5));
    }

    @Test
    void neitherStoreLeavesAStartWaiting() {
        Stores both = new Stores(new Readiness(), metrics, true);
        both.postgres().refused(new IllegalStateException("x"));
        both.redis().refused(new IllegalStateException("y"));
        assertFalse(both.answer().isComplete());
        both.giveUp();
        assertTrue(both.answer().failed());
    }
}
