package dev.sluice.config;

import java.util.List;

/**
 * A valid configuration with its history.
 *
 * @param config what the node runs with
 * @param settings one per key, in the order of {@link Schema#keys()}, with origins; safe to show by
 *     {@link Setting#shown()}
 * @param warnings one line each, for stderr: variables that look like ours and are not
 */
public record LoadedConfig(SluiceConfig config, List<Setting> settings, List<String> warnings) {

    public LoadedConfig {
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }
}
