package dev.sluice.load.http;

import dev.sluice.load.LoadSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run over HTTP.
 *
 * @param target where to
 * @param settings what every generator is asked
 * @param headers more header lines, {@code Name: value} each
 * @param timeout after which a request without an answer counts as lost, and its connection is closed
 * @param history where to write it, or null for none
 */
public record HttpLoadOptions(
        Target target,
        LoadSettings settings,
        List<String> headers,
        Duration timeout,
        @Nullable Path history) {}
