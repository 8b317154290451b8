package dev.sluice.cli;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.log.LogSetup;
import dev.sluice.node.Server;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice serve}: a node against a given PostgreSQL and, for its overflow, a given Redis. */
@Command(
        name = "serve",
        description = "Run a node against a given PostgreSQL (postgres.uri, SLUICE_POSTGRES_URI) and, for its overflow,"
                + " a given Redis (redis.uri, SLUICE_REDIS_URI).")
final class ServeVerb extends Verb implements Callable<Integer> {

    @Mixin
    NodeOptions options = new NodeOptions();

    @Override
    public Integer call() throws Exception {
        long startedNanos = System.nanoTime();
        LoadedConfig loaded = options.loadForStart(List.of());
        SluiceConfig config = loaded.config();
        LogSetup.apply(config.log());
        config.postgres().requiredUri();
        try (Lifetime lifetime = new Lifetime(NodeRun.stopLimit(config))) {
            Server server = NodeRun.start(loaded, lifetime);
            new Banner(config, server, null, false).print(out(), startedNanos);
            NodeRun.untilEnd(server);
        }
        return ExitCodes.OK;
    }
}
