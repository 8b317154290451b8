package dev.sluice.config;

import dev.sluice.config.value.BusAddresses;
import dev.sluice.config.value.ConfigObject;
import dev.sluice.config.value.VerticleName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One verticle of the operator's own that a node deploys beside its own ones (docs/extensions.md). */
public record ExtensionConfig(
        @Key(def = "", why = "what is deployed") VerticleName verticle,

        @Key(def = "1", unit = "instances", min = 1, max = 64, why = "how many of them, each on a thread of its own")
        int instances,

        @Key(
                def = "extensions",
                why = "folder whose jars are its class path beside Sluice's own; relative to the folder that the node"
                        + " is started in")
        Path jars,

        @Key(
                def = "",
                why = "addresses of the event bus at which what it publishes reaches the other members of the"
                        + " cluster, commas between; what it publishes elsewhere stays with it")
        @Nullable
        BusAddresses publishes,

        @Key(
                def = "",
                secret = true,
                why = "what the verticle finds in config(): {name: value, …} as YAML or JSON has it")
        @Nullable
        ConfigObject config) {

    /** Where no folder is named it need not be there. */
    public static final Path JARS_BY_DEFAULT = Path.of("extensions");

    /** The addresses at which others hear it. */
    public List<String> published() {
        return publishes == null ? List.of() : publishes.all();
    }

    /** What the verticle finds in {@code config()}. */
    public Map<String, Object> values() {
        return config == null ? Map.of() : config.values();
    }
}
