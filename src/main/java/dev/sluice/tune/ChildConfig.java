package dev.sluice.tune;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.Setting;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.SluiceConfig.Node.EventLoops;
import dev.sluice.config.WriterConfig;
import dev.sluice.config.value.Secret;
import dev.sluice.config.value.StoreUri;
import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.Knob;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The configuration of a node that is measured: the user's own as far as it decides speed, on this machine alone, without
 * an overflow. Orders that PostgreSQL does not take in time are then refused and seen, and the user's queue in Redis is
 * never touched: a node drains what it finds there.
 */
public final class ChildConfig {

    /** Sections whose values are the user's. */
    private static final Set<String> KEPT = Set.of("http", "bus", "writer", "postgres", "store", "shutdown", "node");

    /** Keys in them that say who may come, and from where. */
    private static final Set<String> LEFT_OUT = Set.of(
            "http.host",
            "http.port",
            "http.allowAnonymous",
            "http.allowedHosts",
            "http.accessLog",
            "http.clientAccounts");

    private static final Map<String, String> DECIDED = Map.of(
            "http.port", "0",
            "admin.port", "0",
            "overflow.enabled", "false",
            "log.level", "warn",
            "log.format", "text");

    private final LoadedConfig loaded;
    private final String postgresUri;

    /** @param postgresUri of the database that is there for the run alone */
    public ChildConfig(LoadedConfig loaded, String postgresUri) {
        this.loaded = loaded;
        this.postgresUri = postgresUri;
    }

    /** What a configuration amounts to on a machine with so many cores; a node that takes no orders itself counts as one that does. */
    public static Candidate candidate(SluiceConfig config, int cores) {
        WriterConfig writer = config.writer();
        Candidate candidate = Candidate.of(
                Math.max(1, config.http().instances().resolve(cores)),
                Math.max(1, writer.instances().resolve(cores)),
                config.postgres().poolSize(),
                writer.inFlightMax(),
                writer.batchMax(),
                Candidate.AUTO);
        String wished = config.node().eventLoops().name().toLowerCase(Locale.ROOT);
        boolean isAuto = config.node().eventLoops() == EventLoops.AUTO || wished.equals(candidate.placement());
        return isAuto ? candidate : candidate.with(Knob.EVENT_LOOPS, Candidate.OTHER);
    }

    /** Secrets are in it: for a file of this user alone. JSON, which YAML includes. */
    String text(Candidate candidate) {
        Map<String, String> keys = new TreeMap<>();
        loaded.settings().stream()
                .filter(ChildConfig::isKept)
                .forEach(setting -> keys.put(setting.key().name(), text(setting)));
        keys.putAll(DECIDED);
        keys.put("postgres.uri", postgresUri);
        for (Knob knob : Knob.values()) {
            keys.put(knob.key(), candidate.written(knob));
        }
        keys.put(Knob.EVENT_LOOPS.key(), candidate.placement()); // it stays so when instances are changed
        JsonObject file = new JsonObject();
        keys.forEach(file::put);
        return file.encodePrettily();
    }

    private static boolean isKept(Setting setting) {
        String name = setting.key().name();
        String section = name.substring(0, name.indexOf('.'));
        boolean ofTheEdge = LEFT_OUT.contains(name) || name.startsWith("http.tls.") || name.startsWith("http.cors.");
        return KEPT.contains(section) && !ofTheEdge && !setting.key().isFileOfASecret() && setting.value() != null;
    }

    private static String text(Setting setting) {
        Object value = setting.value();
        if (value instanceof StoreUri uri) {
            return uri.value();
        }
        return value instanceof Secret secret ? secret.value() : String.valueOf(value);
    }
}
