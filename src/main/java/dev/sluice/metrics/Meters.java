package dev.sluice.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * Makes meters and shows them to Prometheus: each method takes name, help and labels, returns what the event loops
 * record into, and registers how a scrape reads it. While off, the meters of the hot path are made but not shown.
 * Used by {@link Metrics} while it is constructed, on one thread.
 */
final class Meters {

    /** One meter as docs/metrics.md lists it; {@code label} is empty where it has none. */
    record Meter(String name, String type, String label, String help) {}

    private final PrometheusRegistry registry;
    private final boolean on;
    private final List<Meter> shown = new ArrayList<>();

    Meters(PrometheusRegistry registry, boolean on) {
        this.registry = registry;
        this.on = on;
    }

    /** Every meter that was made and is shown, in that order. */
    List<Meter> shown() {
        return List.copyOf(shown);
    }

    Counter counter(String name, String help) {
        Counter counter = new Counter(on);
        if (on) {
            MetricMetadata metadata = counterMetadata(name, help);
            show(name, "counter", "", help, () -> new CounterSnapshot(metadata, List.of(point(counter, Labels.EMPTY))));
        }
        return counter;
    }

    <E extends Enum<E>> Counters<E> counters(String name, String label, Class<E> values, String help) {
        Counters<E> counters = new Counters<>(values, on);
        if (on) {
            MetricMetadata metadata = counterMetadata(name, help);
            show(name, "counter", label, help, () -> new CounterSnapshot(metadata, points(counters, label)));
        }
        return counters;
    }

    private static <E extends Enum<E>> List<CounterDataPointSnapshot> points(Counters<E> counters, String label) {
        return counters.byValue().entrySet().stream()
                .map(entry -> point(entry.getValue(), Labels.of(label, labelOf(entry.getKey()))))
                .toList();
    }

    private static String labelOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static CounterDataPointSnapshot point(Counter counter, Labels labels) {
        return new CounterDataPointSnapshot(counter.total(), labels, null, 0);
    }

    /** The client's model appends the suffix itself. */
    private static MetricMetadata counterMetadata(String name, String help) {
        return new MetricMetadata(name.substring(0, name.length() - "_total".length()), help);
    }

    Gauge gauge(String name, String help) {
        return on ? shownGauge(name, help) : new Gauge(false);
    }

    GaugeByInstance gaugeByInstance(String name, String help) {
        GaugeByInstance gauges = new GaugeByInstance(on);
        if (on) {
            gauges(name, "instance", help, gauges::byInstance);
        }
        return gauges;
    }

    /** As above, with a name that tells which listener; shown while off too. */
    GaugeByInstance gaugeByListener(String name, String help) {
        GaugeByInstance gauges = new GaugeByInstance(true);
        gauges(name, "listener", help, gauges::byInstance);
        return gauges;
    }

    AccountOrders accountOrders(String name, String help) {
        AccountOrders orders = new AccountOrders(on);
        if (on) {
            MetricMetadata metadata = counterMetadata(name, help);
            show(name, "counter", "account", help, () -> new CounterSnapshot(metadata, points(orders.shown())));
        }
        return orders;
    }

    private static List<CounterDataPointSnapshot> points(Map<String, Long> byAccount) {
        return byAccount.entrySet().stream()
                .map(entry ->
                        new CounterDataPointSnapshot(entry.getValue(), Labels.of("account", entry.getKey()), null, 0))
                .toList();
    }

    /** A gauge that is set now and then and costs nothing on the way of an order: shown while off too. */
    Gauge shownGauge(String name, String help) {
        Gauge gauge = new Gauge(true);
        MetricMetadata metadata = new MetricMetadata(name, help);
        show(name, "gauge", "", help, () -> {
            return new GaugeSnapshot(metadata, List.of(new GaugeDataPointSnapshot(gauge.now(), Labels.EMPTY, null)));
        });
        return gauge;
    }

    void gauges(String name, String label, String help, Supplier<Map<String, Double>> values) {
        MetricMetadata metadata = new MetricMetadata(name, help);
        show(name, "gauge", label, help, () -> new GaugeSnapshot(metadata, points(label, values.get())));
    }

    private static List<GaugeDataPointSnapshot> points(String label, Map<String, Double> values) {
        return values.entrySet().stream()
                .map(entry -> new GaugeDataPointSnapshot(entry.getValue(), Labels.of(label, entry.getKey()), null))
                .toList();
    }

    void info(String name, String label, String value, String help) {
        MetricMetadata metadata = new MetricMetadata(name.substring(0, name.length() - "_info".length()), help);
        InfoSnapshot snapshot =
                new InfoSnapshot(metadata, List.of(new InfoSnapshot.InfoDataPointSnapshot(Labels.of(label, value))));
        show(name, "gauge", label, help, () -> snapshot);
    }

    /** A histogram of whole numbers. */
    Histogram histogram(String name, String help, long... upperBounds) {
        return histogram(name, help, 1, upperBounds);
    }

    /** A histogram that records nanoseconds and shows seconds. */
    Histogram secondsHistogram(String name, String help, long... upperBoundsNanos) {
        return histogram(name, help, (double) TimeUnit.SECONDS.toNanos(1), upperBoundsNanos);
    }

    private Histogram histogram(String name, String help, double recordedPerShown, long... upperBounds) {
        Histogram histogram = new Histogram(on, upperBounds);
        if (on) {
            MetricMetadata metadata = new MetricMetadata(name, help);
            double[] bounds = shownBounds(histogram, recordedPerShown);
            show(name, "histogram", "", help, () -> {
                return new HistogramSnapshot(metadata, List.of(point(histogram, bounds, recordedPerShown)));
            });
        }
        return histogram;
    }

    private static HistogramDataPointSnapshot point(Histogram histogram, double[] bounds, double recordedPerShown) {
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, histogram.counts()))
                .sum(histogram.sum() / recordedPerShown)
                .build();
    }

    private static double[] shownBounds(Histogram histogram, double recordedPerShown) {
        DoubleStream bounds = Arrays.stream(histogram.upperBounds()).mapToDouble(bound -> bound / recordedPerShown);
        return DoubleStream.concat(bounds, DoubleStream.of(Double.POSITIVE_INFINITY))
                .toArray();
    }

    private void show(String name, String type, String label, String help, Supplier<MetricSnapshot> snapshot) {
        shown.add(new Meter(name, type, label, help));
        registry.register((Collector) snapshot::get);
    }
}
