package dev.sluice.listener;

import dev.sluice.log.Incident;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Counts each {@link Cut}, and logs the first of many: the incident is over when there was none for {@value #OVER_MS}
 * ms. Owned by one event loop.
 */
final class CutLog {

    private static final long OVER_MS = 10_000;

    private final Logger log;
    private final String listener;
    private final Consumer<Cut> counted;
    private final Map<Cut, Incident> incidents = new EnumMap<>(Cut.class);
    private final Map<Cut, Long> lastNanos = new EnumMap<>(Cut.class);

    /** For the listener of that name. */
    CutLog(Logger log, String listener, Consumer<Cut> counted) {
        this.log = log;
        this.listener = listener;
        this.counted = counted;
    }

    void happened(Cut cut, long nowNanos) {
        counted.accept(cut);
        lastNanos.put(cut, nowNanos);
        incidents
                .computeIfAbsent(cut, first -> new Incident(log, listener, System::nanoTime))
                .failed(cut.said());
    }

    /** To be called now and then. */
    void look(long nowNanos) {
        lastNanos.forEach((cut, last) -> {
            Incident incident = incidents.get(cut);
            if (incident != null && nowNanos - last > TimeUnit.MILLISECONDS.toNanos(OVER_MS)) {
                incident.over();
            }
        });
    }
}
