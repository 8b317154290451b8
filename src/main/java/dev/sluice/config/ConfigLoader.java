package dev.sluice.config;

import dev.sluice.config.Setting.Origin;
import dev.sluice.config.Setting.Origin.Layer;
import dev.sluice.config.file.PathText;
import dev.sluice.config.file.SecretFile;
import dev.sluice.config.file.YamlFile;
import dev.sluice.config.value.Nearest;
import dev.sluice.config.value.StoreUri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Layers a configuration and checks it: defaults, then the file, the environment, {@code --set} and flags, each one
 * stronger than the one before. Every value is checked where it stands, also one that a stronger layer replaces.
 */
public final class ConfigLoader {

    private static final String PREFIX = "SLUICE_";

    /** Names the file where the command line does not. */
    private static final String FILE_VARIABLE = PREFIX + "CONFIG";

    /** No settings: of the scripts, which hand their environment on, of this class, and of verbs that ask a node. */
    private static final Set<String> NO_SETTINGS = Set.of(
            "SLUICE_JAVA_OPTS",
            "SLUICE_CLASS_ARCHIVE",
            "SLUICE_OFFLINE",
            "SLUICE_BUILDING",
            FILE_VARIABLE,
            "SLUICE_ADMIN",
            "SLUICE_API_KEY",
            "SLUICE_CACERT");

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ConfigLoader() {}

    /**
     * Loads and validates.
     *
     * @throws ConfigException with every problem found: unreadable file, unknown keys, values out of range, values that
     *     do not agree with each other
     */
    public static LoadedConfig load(ConfigSources sources) {
        ConfigLoader loader = new ConfigLoader();
        Schema.keys().forEach(key -> loader.put(key, key.key().def(), Origin.DEFAULT));
        loader.file(sources);
        loader.environment(sources.environment());
        sources.sets().forEach(loader::set);
        sources.flags().forEach(loader::flag);
        return loader.finish();
    }

    private LoadedConfig finish() {
        completeMembers();
        List.copyOf(settings.values()).forEach(setting -> readItsFile(setting.key()));
        problems.addAll(Rules.problems(settings));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems, warnings);
        }
        SluiceConfig config = Schema.build(this::value, settings.keySet());
        return new LoadedConfig(config, List.copyOf(settings.values()), warnings);
    }

    /** Each member of a family has all keys of its kind. */
    private void completeMembers() {
        for (KeySpec key : Schema.keysOfMembers(settings.keySet())) {
            boolean given = settings.containsKey(key.name())
                    || problems.stream().anyMatch(problem -> problem.contains(key.name()));
            boolean required = key.key().def().isEmpty() && !key.nullable();
            if (!given && required) {
                problems.add(key.name() + ": has no value, allowed: " + key.allowed());
            } else if (!given) {
                put(key, key.key().def(), Origin.DEFAULT);
            }
        }
    }

    /** Null also for what a member of a family does not say. */
    private @Nullable Object value(KeySpec key) {
        Setting setting = settings.get(key.name());
        return setting == null ? null : setting.value();
    }

    private void file(ConfigSources sources) {
        String named = sources.environment().getOrDefault(FILE_VARIABLE, "");
        if (sources.file() != null) {
            read(sources.file(), "--config");
        } else if (!named.isBlank()) {
            readNamed(named);
        }
    }

    private void readNamed(String path) {
        try {
            read(PathText.parse(path), FILE_VARIABLE);
        } catch (IllegalArgumentException e) {
            problems.add("env " + FILE_VARIABLE + ": " + e.getMessage());
        }
    }

    /** @param namedBy what a person changes to name another one */
    private void read(Path file, String namedBy) {
        YamlFile.read(file, namedBy, Schema::kindOf, problems)
                .forEach(entry -> named(entry.name(), entry.text(), new Origin(Layer.FILE, entry.place())));
    }

    private void environment(Map<String, String> environment) {
        Map<String, KeySpec> byName = new LinkedHashMap<>();
        Schema.keys().forEach(key -> byName.put(key.environmentName(), key));
        new TreeMap<>(environment).forEach((name, text) -> {
            KeySpec key = byName.containsKey(name) ? byName.get(name) : Schema.findByEnvironment(name);
            if (key != null) {
                put(key, text, new Origin(Layer.ENVIRONMENT, "env " + name));
            } else if (name.startsWith(PREFIX) && !NO_SETTINGS.contains(name)) {
                warnings.add("env " + name + " is no setting and is ignored" + didYouMean(name, byName.keySet()));
            }
        });
    }

    private void set(String set) {
        int equals = set.indexOf('=');
        if (equals < 0) {
            problems.add("--set takes key=value, not '" + StoreUri.masked(set) + "'");
            return;
        }
        named(set.substring(0, equals), set.substring(equals + 1), new Origin(Layer.SET, "--set"));
    }

    private void flag(ConfigSources.Flag flag) {
        named(flag.key(), flag.value(), new Origin(Layer.FLAG, flag.option()));
    }

    private void named(String name, String text, Origin origin) {
        KeySpec key = Schema.find(name);
        if (key != null) {
            put(key, text, origin);
        } else if (Schema.isSection(name)) {
            problems.add(origin + ": " + name + " is a section, its keys go below it");
        } else {
            problems.add(origin + ": unknown key " + StoreUri.masked(name) + didYouMean(name, Schema.namesNear(name)));
        }
    }

    private void put(KeySpec key, String text, Origin origin) {
        try {
            settings.put(key.name(), new Setting(key, ValueParser.parse(key, text), origin));
        } catch (IllegalArgumentException e) {
            problems.add(origin + ": " + key.name() + ": " + e.getMessage() + kubernetes(origin, text));
            settings.remove(key.name());
        }
    }

    /** The form of the stronger layer counts, as with two values; in one layer two forms are one too many. */
    private void readItsFile(KeySpec secret) {
        KeySpec key = Schema.fileOf(secret);
        Setting file = key == null ? null : settings.get(key.name());
        Setting given = settings.get(secret.name());
        if (file == null || file.value() == null) {
            return;
        }
        if (given == null
                || given.value() == null
                || file.origin().layer().compareTo(given.origin().layer()) > 0) {
            read(secret, file);
        } else if (file.origin().layer() == given.origin().layer()) {
            problems.add(secret.name() + " (" + given.origin() + ") and "
                    + file.key().name() + " (" + file.origin() + ") are both given: leave out one of them");
        }
    }

    private void read(KeySpec secret, Setting file) {
        Path path = (Path) Objects.requireNonNull(file.value());
        try {
            Origin origin = new Origin(file.origin().layer(), path + " (" + file.origin() + ")");
            put(secret, SecretFile.text(path), origin);
        } catch (IllegalArgumentException e) {
            problems.add(file.origin() + ": " + file.key().name() + ": " + e.getMessage());
        }
    }

    /** A service named sluice-http makes Kubernetes set SLUICE_HTTP_PORT=tcp://… in every pod beside it. */
    private static String kubernetes(Origin origin, String text) {
        boolean link = origin.layer() == Layer.ENVIRONMENT && text.startsWith("tcp://");
        return link ? " (Kubernetes sets this one for a service; enableServiceLinks: false stops it)" : "";
    }

    private static String didYouMean(String wrong, Collection<String> names) {
        return Nearest.to(wrong, names)
                .map(name -> ", did you mean " + name + "?")
                .orElse("");
    }
}
