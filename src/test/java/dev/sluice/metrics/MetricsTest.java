package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = Metrics.on("1.2.3");

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void everyOutcomeIsThereAtZeroFromTheStart() {
        for (String outcome :
                List.of("committed", "queued", "replayed", "conflict", "invalid", "refused", "unavailable")) {
            assertShows("sluice_orders_total{outcome=\"" + outcome + "\"} 0.0");
        }
    }

    @Test
    void countersShowWhatWasAdded() {
        metrics.orders().of(OrderOutcome.COMMITTED).add(3);
        metrics.orders().of(OrderOutcome.COMMITTED).increment();
        metrics.refused().of(Bound.WRITER_BUFFER_BYTES).increment();
        metrics.writers().batches().of(CommitResult.NOT_STORED).increment();
        metrics.stores().postgresReconnects().increment();

        assertShows("sluice_orders_total{outcome=\"committed\"} 4.0");
        assertShows("sluice_refused_total{bound=\"writer_buffer_bytes\"} 1.0");
        assertShows("sluice_batches_total{result=\"not_stored\"} 1.0");
        assertShows("sluice_postgres_reconnects_total 1.0");
    }

    /** `promtool check metrics` refuses a unit that is no base unit, and a gauge that is named like a histogram's part. */
    @Test
    void namesKeepToPrometheusRules() {
        String text = metrics.scrape();
        assertTrue(text.contains("\nprocess_cpu_seconds_total ") && text.contains("\nsystem_cpus "), text);
        assertFalse(text.contains("_ns_") || text.contains("system_cpu_count"), text);
    }

    @Test
    void levelsShowWhatCameLessWhatLeft() {
        metrics.writers().pendingOrders().add(10);
        metrics.writers().pendingOrders().subtract(4);
        metrics.writers().pendingBytes().add(2_000);
        metrics.writers().inFlightBatches().add(2);

        assertShows("sluice_writer_pending 6.0");
        assertShows("sluice_writer_pending_bytes 2000.0");
        assertShows("sluice_writer_in_flight 2.0");
    }

    @Test
    void aLevelBelongsToItsInstance() {
        metrics.httpConnections().of("0").add(2);
        metrics.httpConnections().of("1").add(5);
        metrics.httpConnections().of("0").subtract(1);
        metrics.busOutstandingOrders().of("1").add(7);

        assertShows("sluice_http_connections{instance=\"0\"} 1.0");
        assertShows("sluice_http_connections{instance=\"1\"} 5.0");
        assertShows("sluice_bus_outstanding{instance=\"1\"} 7.0");
        assertEquals(6, metrics.httpConnections().now());
    }

    @Test
    void nanosecondsAreShownAsSeconds() {
        metrics.requestNanos().record(1_200_000);
        metrics.writers().commitNanos().record(6_000_000_000L);

        assertShows("sluice_request_seconds_bucket{le=\"0.001\"} 0");
        assertShows("sluice_request_seconds_bucket{le=\"0.0015\"} 1");
        assertShows("sluice_request_seconds_sum 0.0012");
        assertShows("sluice_commit_seconds_bucket{le=\"5.0\"} 0");
        assertShows("sluice_commit_seconds_bucket{le=\"+Inf\"} 1");
    }

    @Test
    void batchSizesFallBetweenPowersOfTwo() {
        metrics.writers().batchOrders().record(33);

        assertShows("sluice_batch_orders_bucket{le=\"32.0\"} 0");
        assertShows("sluice_batch_orders_bucket{le=\"64.0\"} 1");
        assertShows("sluice_batch_orders_count 1");
        assertShows("sluice_batch_orders_sum 33.0");
    }

    @Test
    void flagsAndVersionAreShown() {
        metrics.stores().postgresUp().set(true);
        metrics.stores().unsafeAllowed().set(true);

        assertShows("sluice_postgres_up 1.0");
        assertShows("sluice_unsafe_store 1.0");
        assertShows("sluice_build_info{version=\"1.2.3\"} 1");
    }

    @Test
    void residentMemoryIsThatOfAProcess() {
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
        double mebibytes = JvmMeters.residentBytes() / (1 << 20);
        assertTrue(linux ? mebibytes > 10 && mebibytes < 100_000 : Double.isNaN(mebibytes));
    }

    @Test
    void offIgnoresWhatItIsToldAndShowsTheRest() {
        try (Metrics off = Metrics.off("1.2.3")) {
            off.orders().of(OrderOutcome.COMMITTED).increment();
            off.requestNanos().record(5);
            off.writers().pendingOrders().add(5);
            off.httpConnections().of("0").add(5);
            off.stores().postgresUp().set(true);

            assertEquals(0, off.orders().of(OrderOutcome.COMMITTED).total());
            assertEquals(0, off.requestNanos().count());
            assertEquals(0, off.writers().pendingOrders().now());
            assertEquals(0, off.httpConnections().now());
            assertFalse(off.scrape().contains("sluice_orders_total"));
            assertTrue(off.scrape().contains("sluice_postgres_up 1.0"));
            assertTrue(off.scrape().contains("jvm_memory_used_bytes"));
        }
    }

    private void assertShows(String line) {
        String text = metrics.scrape();
        assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
    }
}
