package dev.sluice.cli;

import dev.sluice.config.ConfigException;
import dev.sluice.config.ConfigLoader;
import dev.sluice.config.ConfigSources;
import dev.sluice.config.ConfigSources.Flag;
import dev.sluice.config.LoadedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the configuration of a verb comes from, beside the environment. Mixed in; {@link #load()} gives what it amounts to. */
class ConfigOptions {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec verb;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file, else the one that SLUICE_CONFIG names; see `sluice config schema`")
    @Nullable
    Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "set one key, stronger than file and environment; may be repeated")
    List<String> sets = new ArrayList<>();

    private final Set<String> warned = new HashSet<>();

    /**
     * The configuration in force; warnings are printed to stderr.
     *
     * @throws dev.sluice.config.ConfigException with every problem in it
     */
    LoadedConfig load() {
        return load(List.of());
    }

    /** As {@link #load()}, with keys that the verb itself decides: stronger than everything else. */
    LoadedConfig load(List<Flag> decided) {
        CommandSpec spec = Objects.requireNonNull(verb, "mixed in by picocli");
        PrintWriter err = spec.commandLine().getErr();
        try {
            LoadedConfig loaded = ConfigLoader.load(sources(Sluice.of(spec), decided));
            warn(err, loaded.warnings());
            return loaded;
        } catch (ConfigException e) {
            warn(err, e.warnings());
            throw e;
        }
    }

    /** Once, however often it is loaded. */
    private void warn(PrintWriter err, List<String> warnings) {
        warnings.stream().filter(warned::add).forEach(warning -> err.println("sluice: warning: " + warning));
        err.flush();
    }

    private ConfigSources sources(Sluice sluice, List<Flag> decided) {
        List<Flag> flags = flags();
        flags.addAll(decided);
        return new ConfigSources(file, sluice.environment(), sets, flags);
    }

    /** Keys that options of their own stand for. */
    List<Flag> flags() {
        return new ArrayList<>();
    }
}
