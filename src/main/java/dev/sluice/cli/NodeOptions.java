package dev.sluice.cli;

import dev.sluice.config.ConfigSources.Flag;
import dev.sluice.config.LoadedConfig;
import dev.sluice.extension.ExtensionCheck;
import dev.sluice.node.ListenPorts;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The configuration of a node, with options for the keys that are given most often. Mixed in. */
final class NodeOptions extends ConfigOptions {

    @Option(names = "--http-port", paramLabel = "PORT", description = "http.port: port of the order API, 0 for any")
    @Nullable
    String httpPort;

    @Option(names = "--admin-port", paramLabel = "PORT", description = "admin.port: port of the admin API, 0 for any")
    @Nullable
    String adminPort;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "data.dir: folder of the servers of `dev`")
    @Nullable
    Path dataDir;

    @Option(
            names = "--allow-unsafe-store",
            description = "store.allowUnsafe: take a store that can lose acknowledged orders")
    boolean allowUnsafeStore;

    /** As {@link #load(List)}, of a node that is to start: its listeners are apart, and what it would deploy is there. */
    LoadedConfig loadForStart(List<Flag> decided) {
        LoadedConfig loaded = load(decided);
        ListenPorts.requireApart(loaded.config());
        return ExtensionCheck.require(loaded);
    }

    @Override
    List<Flag> flags() {
        List<Flag> flags = super.flags();
        flag(flags, "--http-port", "http.port", httpPort);
        flag(flags, "--admin-port", "admin.port", adminPort);
        flag(flags, "--data-dir", "data.dir", dataDir == null ? null : dataDir.toString());
        flag(flags, "--allow-unsafe-store", "store.allowUnsafe", allowUnsafeStore ? "true" : null);
        return flags;
    }

    private static void flag(List<Flag> flags, String option, String key, @Nullable String value) {
        if (value != null) {
            flags.add(new Flag(option, key, value));
        }
    }
}
