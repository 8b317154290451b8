package dev.sluice.cli;

import dev.sluice.config.ConfigSources.Flag;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.Setting.Origin.Layer;
import dev.sluice.config.file.PathText;
import dev.sluice.embedded.BundledRedis;
import dev.sluice.embedded.BundledServerException;
import dev.sluice.embedded.BundledServers;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.log.LogSetup;
import dev.sluice.node.ListenPorts;
import dev.sluice.node.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice dev}: a node with a PostgreSQL and a Redis of its own, kept in the data directory. */
@Command(name = "dev", description = "Run a node with its own PostgreSQL and Redis, kept in the data directory.")
final class DevVerb extends Verb implements Callable<Integer> {

    /** The folder of the default data directory, set by scripts/sluice. */
    private static final String HOME_PROPERTY = "sluice.home";

    /** Stands for the Redis that is yet to be started, so that its rules hold before anything is. */
    private static final String REDIS_TO_COME = "redis://127.0.0.1";

    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(
            names = "--auth",
            description =
                    "auth.mode: keys; makes a key of account default and prints it. It is kept in the data directory")
    boolean auth;

    @Override
    public Integer call() throws Exception {
        long startedNanos = System.nanoTime();
        LoadedConfig loaded = options.loadForStart(decided(List.of(redisIs(REDIS_TO_COME))));
        LogSetup.apply(loaded.config().log());
        try (Lifetime lifetime = new Lifetime(NodeRun.stopLimit(loaded.config()))) {
            DataDirectory data = lifetime.start(
                    () -> DataDirectory.open(dataDirectory(loaded)), (directory, left) -> directory.close());
            ListenPorts.requireFree(loaded.config());
            var overflow = loaded.config().overflow();
            long queued = overflow.enabled() ? overflow.entriesMax() : 0;
            BundledServers servers = lifetime.start(() -> BundledServers.start(data, queued), BundledServers::stop);
            LoadedConfig running = options.load(decided(places(loaded, servers)));
            String key = auth ? DevKey.in(dataDirectory(loaded), running.config()) : null;
            Server server = NodeRun.start(running, lifetime);
            new Banner(running.config(), server, data.path(), LogSetup.stdoutIsTerminal(), key)
                    .print(out(), startedNanos);
            NodeRun.untilEnd(server);
        } catch (BundledServerException e) {
            throw new CliException(ExitCodes.FAILED, String.valueOf(e.getMessage()), e);
        }
        return ExitCodes.OK;
    }

    private List<Flag> decided(List<Flag> places) {
        List<Flag> all = new ArrayList<>(withoutTls(places));
        if (auth) {
            all.add(new Flag("--auth", "auth.mode", "keys"));
            all.add(new Flag("--auth", "auth.keysFile", ""));
        }
        return all;
    }

    private static List<Flag> places(LoadedConfig loaded, BundledServers servers) {
        List<Flag> places = new ArrayList<>();
        places.add(new Flag("dev", "postgres.uri", servers.postgres().uri()));
        BundledRedis redis = servers.redis();
        if (redis != null) {
            places.add(redisIs(redis.uri()));
        }
        if (loaded.config().auth().snapshotFile() == null) {
            Path kept = dataDirectory(loaded)
                    .resolve(loaded.config().keySnapshotFile().getFileName());
            places.add(new Flag("dev", "auth.snapshotFile", kept.toString()));
        }
        return places;
    }

    /** Its own servers speak in clear on this machine, whatever files the configuration names for others. */
    private static List<Flag> withoutTls(List<Flag> places) {
        Stream<Flag> none = Stream.of("postgres.tls.ca", "postgres.tls.cert", "postgres.tls.key")
                .flatMap(key -> Stream.of(key, key.replace("postgres", "redis")))
                .map(key -> new Flag("dev", key, ""));
        return Stream.concat(places.stream(), none).toList();
    }

    private static Flag redisIs(String uri) {
        return new Flag("dev", "redis.uri", uri);
    }

    /**
     * By default it lies in the folder that scripts/sluice names, whatever folder that was called from; also where a
     * file says the default, as the reference does.
     */
    static Path dataDirectory(LoadedConfig loaded) {
        Path configured = loaded.config().data().dir();
        boolean byDefault = loaded.settings().stream()
                .filter(setting -> setting.key().name().equals("data.dir"))
                .anyMatch(setting -> setting.origin().layer() == Layer.DEFAULT
                        || (setting.origin().layer() == Layer.FILE
                                && configured
                                        .toString()
                                        .equals(setting.key().key().def())));
        return byDefault ? home().resolve(configured) : configured;
    }

    /** The folder of what a verb keeps where nothing else is said; the current one where no script names one. */
    static Path home() {
        return PathText.parse(System.getProperty(HOME_PROPERTY, ""));
    }
}
