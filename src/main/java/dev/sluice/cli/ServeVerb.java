package dev.sluice.cli;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.log.LogSetup;
import dev.sluice.node.Server;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice serve}: a node against a given PostgreSQL and, for its overflow, a given Redis. */
@Command(
        name = "serve",
        description = "Run a node against a given PostgreSQL (postgres.uri, SLUICE_POSTGRES_URI) and, for its overflow,"
                + " a given Redis (redis.uri, SLUICE_REDIS_URI).",
        mixinStandardHelpOptions = true)
final class ServeVerb implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws Exception {
        long startedNanos = System.nanoTime();
        LoadedConfig loaded = options.load();
        SluiceConfig config = loaded.config();
        LogSetup.apply(config.log());
        config.postgres().requiredUri();
        try (Lifetime lifetime = new Lifetime(NodeRun.stopLimit(config))) {
            Server server = NodeRun.start(loaded, lifetime);
            var out =
                    Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
            new Banner(config, server, false).print(out, startedNanos);
            Lifetime.untilSignal();
        }
        return ExitCodes.OK;
    }
}
