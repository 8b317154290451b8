package dev.sluice.cli;

import dev.sluice.Server;
import dev.sluice.config.ConfigSources.Flag;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.Origin;
import dev.sluice.embedded.BundledPostgres;
import dev.sluice.embedded.BundledServerException;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.log.LogSetup;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice dev}: a node with a PostgreSQL of its own, kept in the data directory. */
@Command(
        name = "dev",
        description = "Run a node with its own PostgreSQL, kept in the data directory.",
        mixinStandardHelpOptions = true)
final class DevVerb implements Callable<Integer> {

    /** The project's folder, set by scripts/sluice. */
    private static final String HOME_PROPERTY = "sluice.home";

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws Exception {
        long startedNanos = System.nanoTime();
        LoadedConfig loaded = options.load();
        LogSetup.apply(loaded.config().log());
        try (Lifetime lifetime = new Lifetime(NodeRun.stopLimit(loaded.config()))) {
            DataDirectory data = lifetime.start(
                    () -> DataDirectory.open(dataDirectory(loaded)), (directory, left) -> directory.close());
            BundledPostgres postgres = lifetime.start(
                    () -> BundledPostgres.start(data, BundledPostgres.Options.defaults()), BundledPostgres::stop);
            LoadedConfig running = options.load(List.of(new Flag("dev", "postgres.uri", postgres.uri())));
            Server server = NodeRun.start(running, lifetime);
            var out =
                    Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
            Banner.print(out, running.config(), server, postgres.uri(), startedNanos);
            Lifetime.untilSignal();
        } catch (BundledServerException e) {
            throw new CliException(ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
        }
        return ExitCodes.OK;
    }

    /** Where nobody said otherwise it lies in the project, from whichever folder the script was called. */
    private static Path dataDirectory(LoadedConfig loaded) {
        Path configured = loaded.config().data().dir();
        boolean byDefault = loaded.settings().stream()
                .anyMatch(setting -> setting.key().name().equals("data.dir")
                        && setting.origin().layer() == Origin.Layer.DEFAULT);
        return byDefault ? Path.of(System.getProperty(HOME_PROPERTY, "")).resolve(configured) : configured;
    }
}
