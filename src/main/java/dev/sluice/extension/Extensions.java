package dev.sluice.extension;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.json.ExtensionBus;
import dev.sluice.config.ExtensionConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All extensions of a node. None of them fails it or holds up its start. Any thread. */
public final class Extensions {

    private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);

    private final Map<String, ExtensionConfig> configs;
    private final MemoryBudget memory;
    private final Metrics metrics;
    private final Consumer<@Nullable String> trouble;
    private final List<ExtensionHost> hosts = new ArrayList<>();

    /** @param trouble told which of them do not run, and why; null when all run */
    public Extensions(SluiceConfig config, MemoryBudget memory, Metrics metrics, Consumer<@Nullable String> trouble) {
        this.configs = config.extensions();
        this.memory = memory;
        this.metrics = metrics;
        this.trouble = trouble;
    }

    /** Begins to deploy them, each beside the others; returns at once. */
    public synchronized void start(Vertx node) {
        configs.forEach((name, config) -> {
            ExtensionBus bus = new ExtensionBus(name, config, memory, metrics);
            hosts.add(new ExtensionHost(name, config, bus, metrics, this::changed));
        });
        if (!hosts.isEmpty()) {
            changed();
            hosts.forEach(host -> host.start(node));
        }
    }

    /** One at a time, so that the last word is about the last change. */
    private synchronized void changed() {
        String all = hosts.stream()
                .map(ExtensionHost::trouble)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        trouble.accept(all.isEmpty() ? null : all);
    }

    /** Ends them; completes within about a second, whatever they do. */
    public synchronized Future<Void> stop() {
        hosts.forEach(ExtensionHost::leave);
        return Future.join(hosts.stream().map(ExtensionHost::end).toList())
                .<Void>mapEmpty()
                .otherwise(late -> {
                    LOG.warn("an extension does not end; leaving without it", late);
                    return null;
                });
    }
}
