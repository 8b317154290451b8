package dev.sluice.metrics;

import dev.sluice.auth.Refusal;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * Every meter of a node: name, help, label and unit of each stand here and in the records that this class holds, and
 * nowhere else but docs/metrics.md, which a test compares. One object for a process, made by the composition root and
 * handed to the parts that record. Recording is for any thread, without lock or allocation; {@link #scrape()} takes
 * milliseconds and is not for an event loop.
 *
 * <p>{@link #off} gives the same object with meters that ignore what they are told, so that the cost of recording
 * can be measured; the JVM's, the build's and the store's state are shown all the same.
 */
public final class Metrics implements AutoCloseable {

    /** Media type of {@link #scrape()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Fine where answers lie, coarse beyond; the last is the HTTP deadline. */
    private static final double[] LATENCY_BOUNDS_MS = {
        0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 250, 500, 750, 1000, 1500, 2000,
        3000, 5000
    };

    private final PrometheusMeterRegistry registry;
    private final JvmMeters jvm;
    private final Meters meters;

    private final Counters<OrderOutcome> orders;
    private final Histogram requestNanos;
    private final Counters<Bound> refused;
    private final Counters<ForeignSign> foreignRequests;
    private final Counters<Refusal> refusedCredentials;
    private final Counter anonymousRequests;
    private final AccountOrders accountOrders;
    private final Gauge open;
    private final GaugeByInstance httpConnections;
    private final Gauge memoryBytes;
    private final GaugeByInstance busOutstandingOrders;
    private final WriterMeters writers;
    private final StoreMeters stores;
    private final GaugeByInstance tlsExpiresSeconds;
    private final Counters<TlsReload> tlsReloads;
    private final AccountOrders overQuota;
    private final OverflowMeters overflow;
    private final Counter extensionErrors;
    private final Counter extensionDropped;

    private Metrics(String version, boolean on) {
        PrometheusRegistry shown = new PrometheusRegistry();
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, shown, Clock.SYSTEM);
        meters = new Meters(shown, on);
        orders = meters.counters(
                "sluice_orders_total", "outcome", OrderOutcome.class, "Orders answered, by what the client was told.");
        requestNanos = meters.secondsHistogram(
                "sluice_request_seconds", "Time from a request's head to its answer.", latencyBoundsNanos());
        refused = meters.counters(
                "sluice_refused_total",
                "bound",
                Bound.class,
                "What a bound refused or gave up: connections, requests or orders.");
        foreignRequests = meters.counters(
                "sluice_foreign_requests_total",
                "sign",
                ForeignSign.class,
                "Requests refused for what their head says of their host or origin.");
        refusedCredentials = meters.counters(
                "sluice_refused_credentials_total",
                "reason",
                Refusal.class,
                "Requests that were not served to their client, by why.");
        anonymousRequests = meters.counter(
                "sluice_anonymous_requests_total", "Requests without credentials, served as auth.anonymousAccount.");
        accountOrders = meters.accountOrders(
                "sluice_account_orders_total", "Orders answered, of the 50 busiest accounts; the rest is `other`.");
        open = meters.shownGauge(
                "sluice_open", "1 where the order API serves, beyond loopback, clients without credentials.");
        httpConnections = meters.gaugeByInstance("sluice_http_connections", "Open connections of an intake instance.");
        memoryBytes = meters.gauge("sluice_memory_bytes", "Bytes of the node's memory that clients take.");
        busOutstandingOrders =
                meters.gaugeByInstance("sluice_bus_outstanding", "Orders that a dispatcher waits to hear of.");
        writers = WriterMeters.of(meters);
        stores = StoreMeters.of(meters);
        tlsExpiresSeconds = meters.gaugeByListener(
                "sluice_tls_expires_seconds",
                "Seconds until the certificate that a listener, or the event bus, shows is over.");
        tlsReloads = meters.counters(
                "sluice_tls_reloads_total",
                "result",
                TlsReload.class,
                "Certificates of listeners that changed, by what became of them.");
        overQuota = meters.accountOrders(
                "sluice_quota_refused_total",
                "Requests beyond a quota, of the 50 busiest accounts; the rest is `other`.");
        overflow = OverflowMeters.of(meters);
        extensionErrors = meters.counter(
                "sluice_extension_errors_total", "Extensions that did not start, and exceptions that one threw.");
        extensionDropped = meters.counter(
                "sluice_extension_dropped_total", "Messages to or from extensions for which there was no room.");
        meters.info("sluice_build_info", "version", version, "What runs here; always 1.");
        jvm = new JvmMeters(registry, meters);
    }

    /** Meters that record. */
    public static Metrics on(String version) {
        return new Metrics(version, true);
    }

    /** Meters that ignore what they are told. */
    public static Metrics off(String version) {
        return new Metrics(version, false);
    }

    static long[] latencyBoundsNanos() {
        return DoubleStream.of(LATENCY_BOUNDS_MS)
                .mapToLong(ms -> Math.round(ms * TimeUnit.MILLISECONDS.toNanos(1)))
                .toArray();
    }

    /** Orders by answer; one addition for each order of a bulk request too. */
    public Counters<OrderOutcome> orders() {
        return orders;
    }

    /** Nanoseconds from a request's head to its answer; one record a request. */
    public Histogram requestNanos() {
        return requestNanos;
    }

    /** What each bound refused; the refused orders are also counted as outcomes. */
    public Counters<Bound> refused() {
        return refused;
    }

    /** Requests that were refused for their host or the page that sent them. */
    public Counters<ForeignSign> foreignRequests() {
        return foreignRequests;
    }

    /** Requests that were not served to their client. */
    public Counters<Refusal> refusedCredentials() {
        return refusedCredentials;
    }

    /** Requests without credentials that were served. */
    public Counter anonymousRequests() {
        return anonymousRequests;
    }

    /** Orders answered, by account. */
    public AccountOrders accountOrders() {
        return accountOrders;
    }

    /** Whether the order API serves every client that reaches it. */
    public Gauge open() {
        return open;
    }

    /** Open connections of each intake instance. */
    public GaugeByInstance httpConnections() {
        return httpConnections;
    }

    /** Bytes that clients take of this node's memory, as of a moment ago. */
    public Gauge memoryBytes() {
        return memoryBytes;
    }

    /** Orders sent over the event bus and not yet answered, of each dispatcher. */
    public GaugeByInstance busOutstandingOrders() {
        return busOutstandingOrders;
    }

    /** What the writers of this node show. */
    public WriterMeters writers() {
        return writers;
    }

    /** How PostgreSQL, and the Redis of the overflow, stand. */
    public StoreMeters stores() {
        return stores;
    }

    /** Seconds until each listener's certificate is over, below 0 afterwards; no series for one without TLS. */
    public GaugeByInstance tlsExpiresSeconds() {
        return tlsExpiresSeconds;
    }

    /** Certificates that changed while the node ran. */
    public Counters<TlsReload> tlsReloads() {
        return tlsReloads;
    }

    /** Requests that were beyond a quota, by account. */
    public AccountOrders overQuota() {
        return overQuota;
    }

    /** What the overflow holds, and what this node drained of it. */
    public OverflowMeters overflow() {
        return overflow;
    }

    /** Extensions that did not start, and exceptions in their handlers. */
    public Counter extensionErrors() {
        return extensionErrors;
    }

    /** Messages to or from extensions that were dropped or refused. */
    public Counter extensionDropped() {
        return extensionDropped;
    }

    /** How busy each event loop thread was since it was last asked; looks at every thread, so not on an event loop. */
    public Map<String, Double> eventLoopBusyRatios() {
        return jvm.eventLoopBusyRatios();
    }

    /** All meters in Prometheus' text exposition, {@link #CONTENT_TYPE}. Milliseconds: not on an event loop. */
    public String scrape() {
        return registry.scrape();
    }

    /** Our own meters, for the test of their documentation. */
    List<Meters.Meter> shown() {
        return meters.shown();
    }

    /** Lets go of the JVM's garbage collection notices. Recording and scraping stay harmless. */
    @Override
    public void close() {
        jvm.close();
        registry.close();
    }
}
