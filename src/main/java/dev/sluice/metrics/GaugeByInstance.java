package dev.sluice.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One {@link Gauge} for each verticle instance. An instance asks for its level once, at its start. Names are
 * re-used by re-deployments ({@code 0}, {@code 1}, …), which bounds their number; a level stays after its instance.
 */
public final class GaugeByInstance {

    private final boolean on;
    private final Map<String, Gauge> levels = new ConcurrentHashMap<>();

    GaugeByInstance(boolean on) {
        this.on = on;
    }

    /** The level of an instance, the same one at each call with that name. Any thread. */
    public Gauge of(String instance) {
        return levels.computeIfAbsent(instance, name -> new Gauge(on));
    }

    /** What all instances hold together. */
    public long now() {
        return levels.values().stream().mapToLong(Gauge::now).sum();
    }

    Map<String, Double> byInstance() {
        Map<String, Double> now = new TreeMap<>();
        levels.forEach((instance, level) -> now.put(instance, (double) level.now()));
        return now;
    }
}
