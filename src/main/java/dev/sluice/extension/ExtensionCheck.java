package dev.sluice.extension;

import dev.sluice.config.ConfigException;
import dev.sluice.config.ExtensionConfig;
import dev.sluice.config.LoadedConfig;
import dev.sluice.config.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a node could deploy the extensions of its configuration: each class is there and is a verticle, each file can be
 * read. Nothing of them runs, and no Groovy is compiled: whether that works shows when the node deploys it.
 */
public final class ExtensionCheck {

    private ExtensionCheck() {}

    /**
     * The same configuration.
     *
     * @throws ConfigException with every problem, each with the key, where it was set, and the mend
     */
    public static LoadedConfig require(LoadedConfig loaded) {
        List<String> problems = new ArrayList<>();
        loaded.config().extensions().forEach((name, config) -> {
            try {
                check(config);
            } catch (ExtensionProblem problem) {
                String key = "extensions." + name + ".verticle";
                problems.add(origin(loaded, key) + ": " + key + ": " + problem.line());
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems, loaded.warnings());
        }
        return loaded;
    }

    private static void check(ExtensionConfig config) throws ExtensionProblem {
        if (config.verticle().isGroovy()) {
            ClassPath.of(config);
            GroovySource.of(config.verticle()).requireReadable();
        } else {
            ExtensionCode.load(config).close();
        }
    }

    private static String origin(LoadedConfig loaded, String key) {
        return loaded.settings().stream()
                .filter(setting -> setting.key().name().equals(key))
                .map(Setting::origin)
                .map(Setting.Origin::toString)
                .findFirst()
                .orElse("extensions");
    }
}
