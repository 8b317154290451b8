package dev.sluice.doctor;

import dev.sluice.config.LinkTls;
import dev.sluice.config.value.RedisUri;
import dev.sluice.config.value.StoreUri;
import dev.sluice.doctor.Check.Verdict;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What is asked of both stores alike. */
public final class StoreChecks {

    /** For a node and a store in one data center. */
    private static final double TRIP_MS_MAX = 1;

    /** For a disk whose cache survives a power cut; others take ten times as long. */
    private static final double SYNC_MS_MAX = 5;

    private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\.[0-9]{1,3}){3}");

    private StoreChecks() {}

    /** It was reached; the password is not shown. */
    public static Check reached(String store, StoreUri uri, String version) {
        return Check.ok(store, "reached", "version " + version + " at " + uri);
    }

    /** It was not, or takes no orders. */
    public static Check refused(String store, String why, String mend) {
        return new Check(store, "reached, and takes orders", why, Verdict.FAIL, mend);
    }

    /**
     * Whether an acknowledgement is kept.
     *
     * @param unsafe settings that break the promise, each with its mend in brackets
     * @param allowed {@code store.allowUnsafe}
     */
    public static Check keeps(String name, String required, List<String> unsafe, boolean allowed) {
        return Check.of(
                name,
                required,
                unsafe.isEmpty() ? "yes" : String.join("; ", unsafe),
                unsafe.isEmpty(),
                allowed ? Verdict.WARN : Verdict.FAIL,
                "as it says in brackets; --allow-unsafe-store takes it as it is, and says UNSAFE");
    }

    /** What its owner should know, one check each. */
    public static List<Check> hazards(String store, List<String> warnings) {
        return warnings.stream()
                .map(warning -> new Check(store + " hazard", "none", warning, Verdict.WARN, "as it says"))
                .toList();
    }

    /** Whether a failover can lose what was acknowledged last. */
    public static Check failover(String name, boolean lossy, String mend) {
        return Check.of(
                name,
                "no replica, or one that an acknowledgement waits for",
                lossy ? "replicas, and no acknowledgement waits for one (failover-lossy)" : "yes",
                !lossy,
                Verdict.WARN,
                mend);
    }

    /** Whether the link is protected where it leaves this machine. */
    public static Check tls(String store, StoreUri uri, LinkTls link) {
        boolean onThisMachine =
                uri.isUnixSocket() || LOOPBACK.matcher(uri.host()).matches();
        String current = switch (link.check()) {
            case NONE -> onThisMachine ? "in clear, on this machine" : "in clear";
            case ENCRYPTED -> "encrypted; the server has to prove nothing";
            case CA -> "encrypted; certificate checked, host name not";
            case HOST -> "encrypted; certificate and host name checked";
        };
        return Check.of(
                "TLS to " + store,
                "certificate and host name checked, or a link that stays on this machine",
                current,
                onThisMachine || link.check() == LinkTls.Check.HOST,
                Verdict.WARN,
                uri instanceof RedisUri
                        ? "rediss:// in redis.uri, and redis.tls.ca (docs/links.md)"
                        : "sslmode=verify-full and sslrootcert=FILE in postgres.uri (docs/links.md)");
    }

    /** How long an empty command takes, there and back. */
    public static Check roundTrip(String store, double ms) {
        return milliseconds(store + " round trip", ms, TRIP_MS_MAX, "bring node and store nearer to each other");
    }

    /** How long a write takes that is synced to disk. */
    public static Check sync(String store, double ms) {
        return ms < 0
                ? Check.ok(store + " sync", "≤ " + (int) SYNC_MS_MAX + " ms", "not tried: this user may not")
                : milliseconds(
                        store + " sync",
                        ms,
                        SYNC_MS_MAX,
                        "a disk whose cache survives a power cut: every batch waits for it once");
    }

    private static Check milliseconds(String name, double ms, double max, String mend) {
        return Check.of(
                name,
                String.format(Locale.ROOT, "≤ %.0f ms", max),
                String.format(Locale.ROOT, "%.2f ms", ms),
                ms <= max,
                Verdict.WARN,
                mend);
    }

    /** The median of so many runs, one after the other, ms. Fails as a run does. */
    public static Future<Double> medianMs(int times, Supplier<Future<?>> run) {
        List<Double> taken = new ArrayList<>();
        Future<Void> all = Future.succeededFuture();
        for (int i = 0; i < times; i++) {
            all = all.compose(before -> {
                long began = System.nanoTime();
                return run.get().map(done -> {
                    taken.add((System.nanoTime() - began) / 1e6);
                    return null;
                });
            });
        }
        return all.map(done -> {
            Collections.sort(taken);
            return taken.get(times / 2);
        });
    }
}
