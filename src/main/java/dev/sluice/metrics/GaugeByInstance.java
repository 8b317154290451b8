package dev.sluice.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One {@link Gauge} for each verticle instance. An instance asks for its gauge once, at its start. Re-deployments use
 * the same names ({@code 0}, {@code 1}, …), which bounds their number; a gauge stays after its instance.
 */
public final class GaugeByInstance {

    private final boolean on;
    private final Map<String, Gauge> gauges = new ConcurrentHashMap<>();

    GaugeByInstance(boolean on) {
        this.on = on;
    }

    /** The gauge of an instance, the same one at each call with that name. Any thread. */
    public Gauge of(String instance) {
        return gauges.computeIfAbsent(instance, name -> new Gauge(on));
    }

    /** What all instances hold together. */
    public double now() {
        return gauges.values().stream().mapToDouble(Gauge::now).sum();
    }

    Map<String, Double> byInstance() {
        Map<String, Double> now = new TreeMap<>();
        gauges.forEach((instance, gauge) -> now.put(instance, gauge.now()));
        return now;
    }
}
