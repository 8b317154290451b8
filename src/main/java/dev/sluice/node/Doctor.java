package dev.sluice.node;

import static dev.sluice.doctor.Check.Verdict.FAIL;
import static dev.sluice.doctor.Check.Verdict.WARN;

import dev.sluice.config.SluiceConfig;
import dev.sluice.doctor.Check;
import dev.sluice.doctor.Findings;
import dev.sluice.doctor.MachineChecks;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.store.ClientVertx;
import dev.sluice.store.postgres.PgExamination;
import dev.sluice.store.redis.RedisExamination;
import io.netty.channel.epoll.Epoll;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a node would start with a configuration, keep its promise and be fast. Connects to both stores as a
 * start would; writes no order and leaves nothing behind.
 */
public final class Doctor {

    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

    private final SluiceConfig config;
    private final Path dataDirectory;

    private Doctor(SluiceConfig config, Path dataDirectory) {
        this.config = config;
        this.dataDirectory = dataDirectory;
    }

    /**
     * Looks at everything, one after the other; a store that does not answer takes its connect timeout. Never fails.
     *
     * @param dataDirectory where {@code dev} would keep its servers
     */
    public static Future<Findings> examine(SluiceConfig config, Path dataDirectory) {
        Doctor doctor = new Doctor(config, dataDirectory);
        Vertx vertx = ClientVertx.make();
        Promise<Findings> stores = Promise.promise();
        vertx.runOnContext(ignored -> doctor.postgres(vertx)
                .compose(seen -> doctor.redis(vertx).map(seen::and))
                .onComplete(stores));
        return stores.future()
                .map(seen -> doctor.here().and(seen).and(doctor.machine()))
                .onComplete(done -> vertx.close().onFailure(error -> LOG.debug("not closed cleanly", error)));
    }

    private Findings here() {
        return Findings.ofStart(ports()).and(clusterPorts()).and(dataDirectory());
    }

    private Check ports() {
        String required = "free: http.port " + config.http().port() + ", admin.port "
                + config.admin().port();
        try {
            ListenPorts.requireFree(config);
            return Check.ok("ports", required, "free");
        } catch (BindException e) {
            return taken("ports", required, e);
        }
    }

    private Findings clusterPorts() {
        Findings found = Findings.ofStart();
        if (config.cluster().enabled()) {
            found = found.and(port(
                            "cluster.port",
                            config.cluster().host(),
                            config.cluster().port()))
                    .and(port(
                            "cluster.busPort",
                            config.cluster().host(),
                            config.cluster().busPort()));
        }
        return config.bridge().enabled()
                ? found.and(port(
                        "bridge.port", config.bridge().host(), config.bridge().port()))
                : found;
    }

    private static Findings port(String key, String host, int port) {
        String required = "free: " + port + " of " + host;
        try {
            ListenPorts.tryOut(key.substring(0, key.indexOf('.')), host, port);
            return Findings.ofStart(Check.ok(key, required, "free"));
        } catch (BindException e) {
            return Findings.ofStart(taken(key, required, e));
        }
    }

    private static Check taken(String name, String required, BindException error) {
        return new Check(
                name,
                required,
                String.valueOf(error.getMessage()),
                FAIL,
                "as it says; if it is a node of yours that runs, ask its /readyz");
    }

    /** A node with stores of its own keeps nothing there. */
    private Findings dataDirectory() {
        if (config.postgres().uri() != null) {
            return Findings.ofStart();
        }
        String required = "of this user, written by no other, not in use";
        Optional<String> trouble = DataDirectory.trouble(dataDirectory);
        return Findings.ofStart(
                trouble.isEmpty()
                        ? Check.ok("data directory of dev", required, dataDirectory + " is, or can be made")
                        : new Check("data directory of dev", required, trouble.get(), FAIL, "as it says"));
    }

    private Future<Findings> postgres(Vertx vertx) {
        return config.postgres().uri() != null
                ? PgExamination.of(vertx, config)
                : Future.succeededFuture(Findings.ofStart(new Check(
                        "PostgreSQL",
                        "reached, and takes orders",
                        "postgres.uri is not set",
                        WARN,
                        "set SLUICE_POSTGRES_URI for serve; dev brings its own")));
    }

    private Future<Findings> redis(Vertx vertx) {
        return config.hasOverflow()
                ? RedisExamination.of(vertx, config)
                : Future.succeededFuture(Findings.ofStart(new Check(
                        "Redis",
                        "reached, and takes orders",
                        "none configured: what PostgreSQL cannot take is answered 503",
                        WARN,
                        "set SLUICE_REDIS_URI; docs/overflow.md says how it must be set up")));
    }

    private Findings machine() {
        boolean epoll = Epoll.isAvailable();
        Check transport = Check.of(
                "transport", "native (epoll)", epoll ? "epoll" : "NIO", epoll, WARN, "run on Linux, x64 or arm64");
        return Findings.ofSpeed(List.of(transport))
                .and(Findings.ofSpeed(
                        new MachineChecks(Path.of("/")).all(config.http().connectionsMax())));
    }
}
