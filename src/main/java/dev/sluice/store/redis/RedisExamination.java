package dev.sluice.store.redis;

import static dev.sluice.doctor.Check.Verdict.FAIL;
import static dev.sluice.doctor.Check.Verdict.WARN;
import static dev.sluice.store.redis.RedisCommands.cmd;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.value.RedisUri;
import dev.sluice.doctor.Check;
import dev.sluice.doctor.Findings;
import dev.sluice.doctor.StoreChecks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a Redis as a start would. It makes no stream and no group; what it writes to time a sync is one key of a few
 * bytes, {@value #PROBE}, which it deletes. On an event loop; made for one look.
 */
public final class RedisExamination {

    private static final Logger LOG = LoggerFactory.getLogger(RedisExamination.class);

    /** Beside Sluice's own keys, and gone by itself where it could not be deleted. */
    static final String PROBE = "sluice:doctor";

    private static final String PROBE_MS = "10000";
    private static final int ROUND_TRIPS = 21;
    private static final int SYNCS = 11;
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");

    private final Vertx vertx;
    private final SluiceConfig config;
    private final RedisUri uri;
    private Findings found;

    private RedisExamination(Vertx vertx, SluiceConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.uri = Objects.requireNonNull(config.redis().uri());
        this.found =
                Findings.ofStart(StoreChecks.tls("Redis", uri, config.redis().link()));
    }

    /** Never fails: that it cannot be looked at is a finding too. The configuration has a {@code redis.uri}. */
    public static Future<Findings> of(Vertx vertx, SluiceConfig config) {
        RedisExamination examination = new RedisExamination(vertx, config);
        return examination.run().otherwise(examination::refused);
    }

    private Future<Findings> run() {
        RedisLink link = new RedisLink(vertx, config.redis());
        return link.client().compose(client -> look(link, client).map(looked -> found));
    }

    private Findings refused(Throwable error) {
        LOG.debug("Redis could not be looked at", error);
        String mend = "is it running at " + uri + "? check address, user and password";
        return found.and(Findings.ofStart(StoreChecks.refused("Redis", String.valueOf(error.getMessage()), mend)));
    }

    /** Within a connect timeout for each thing that is asked. */
    private Future<Void> look(RedisLink link, Redis client) {
        Promise<Void> looked = Promise.promise();
        long limitMs = config.redis().connectTimeoutMs() * 4L;
        long timer = vertx.setTimer(
                limitMs,
                late -> looked.tryFail(new TimeoutException("Redis did not answer within " + limitMs + " ms")));
        link.connect(client).compose(this::look).onComplete(looked::tryComplete, looked::tryFail);
        return looked.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            client.close().onFailure(error -> LOG.debug("not closed cleanly", error));
        });
    }

    private Future<Void> look(RedisConnection connection) {
        return version(connection)
                .compose(reached -> rights(connection))
                .compose(done -> kept(connection))
                .compose(done -> RedisSafety.losesOnFailover(connection))
                .onSuccess(lossy -> add(StoreChecks.failover(
                        "a 202 outlives a failover", lossy, "Redis answers before a replica has it: docs/overflow.md")))
                .compose(done -> settings(connection))
                .compose(done -> times(connection));
    }

    private Future<Void> version(RedisConnection connection) {
        return connection
                .send(cmd(Command.INFO, "server"))
                .map(info -> {
                    Matcher version = VERSION.matcher(info.toString());
                    return version.find() ? version.group(1) : "unknown";
                })
                .otherwise(error -> "unknown")
                .compose(version -> connection.send(cmd(Command.PING)).map(version))
                .onSuccess(version -> add(StoreChecks.reached("Redis", uri, version)))
                .mapEmpty();
    }

    /** The rights of the user who logs in: a start makes its group with them. */
    private Future<Void> rights(RedisConnection connection) {
        List<RedisKeys> partitions = RedisKeys.all(config.overflow().partitions());
        return connection
                .send(cmd(Command.ACL, "WHOAMI"))
                .compose(user -> LoaderRights.of(connection, partitions, user.toString())
                        .onSuccess(rights -> add(rights(user.toString(), rights))))
                .<Void>mapEmpty()
                .otherwise(error -> {
                    LOG.debug("Redis does not tell of its users: {}", error.getMessage());
                    return null;
                });
    }

    private static Check rights(String user, LoaderRights rights) {
        String required = "user " + user + " may do all that the overflow needs";
        if (!rights.readable()) {
            return new Check("rights in Redis", required, "not told", WARN, "give the user +acl|dryrun");
        }
        return Check.of(
                "rights in Redis",
                required,
                rights.denied().isEmpty() ? "yes" : "may not " + String.join(", ", rights.denied()),
                rights.denied().isEmpty(),
                FAIL,
                "ACL SETUSER " + user + " ~sluice:* +@all -@dangerous +config|get +info +acl|dryrun +acl|whoami");
    }

    private Future<Void> kept(RedisConnection connection) {
        List<RedisKeys> partitions = RedisKeys.all(config.overflow().partitions());
        return LoaderRights.of(connection, partitions)
                .compose(rights -> RedisSafety.of(connection).onSuccess(safety -> {
                    add(StoreChecks.keeps(
                            "a 202 is kept",
                            "append-only file synced before an answer, noeviction, a maxmemory",
                            safety.and(rights.unsafe()).unsafe(),
                            config.store().allowUnsafe()));
                    List<String> warnings = new ArrayList<>(rights.warnings());
                    warnings.addAll(safety.warnings(config.overflow().entriesMax()));
                    StoreChecks.hazards("Redis", warnings).forEach(this::add);
                }))
                .mapEmpty();
    }

    /** Snapshots beside the append-only file cost a fork and its disk, and are read by nothing of ours. */
    private Future<Void> settings(RedisConnection connection) {
        return connection
                .send(cmd(Command.CONFIG, "GET", "save"))
                .map(reply -> reply.containsKey("save") ? reply.get("save").toString() : "")
                .onSuccess(save -> addSpeed(Check.of(
                        "Redis snapshots",
                        "none: the append-only file is what a restart reads",
                        save.isEmpty() ? "none" : "save " + save,
                        save.isEmpty(),
                        WARN,
                        "CONFIG SET save \"\", and in its file")))
                .<Void>mapEmpty()
                .otherwise(error -> {
                    LOG.debug("Redis does not answer CONFIG GET: {}", error.getMessage());
                    return null;
                });
    }

    private Future<Void> times(RedisConnection connection) {
        return StoreChecks.medianMs(ROUND_TRIPS, () -> connection.send(cmd(Command.PING)))
                .onSuccess(ms -> addSpeed(StoreChecks.roundTrip("Redis", ms)))
                .compose(trip -> StoreChecks.medianMs(
                                SYNCS, () -> connection.send(cmd(Command.SET, PROBE, "", "PX", PROBE_MS)))
                        .compose(ms -> connection.send(cmd(Command.DEL, PROBE)).map(ms))
                        .otherwise(-1.0))
                .onSuccess(ms -> addSpeed(StoreChecks.sync("Redis", ms)))
                .mapEmpty();
    }

    private void add(Check check) {
        found = found.and(Findings.ofStart(check));
    }

    private void addSpeed(Check check) {
        found = found.and(Findings.ofSpeed(List.of(check)));
    }
}
