package dev.sluice.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every key there is, read once from the records, and the way back from values to records. */
public final class Schema {

    private static final String HEAD = """
            # Every key of Sluice with its default, its unit and why one would change it.
            # Print it: sluice config schema. Use it: sluice serve --config conf/sluice.yaml
            # Stronger than this file: the environment (writer.batchMax is SLUICE_WRITER_BATCH_MAX), --set writer.batchMax=256.
            # Instances are a number, auto, or a factor per core such as 2x. A key without a value is not set.
            """;

    private static final Map<String, KeySpec> KEYS = readKeys();

    private Schema() {}

    /** All keys in the order of the records. */
    public static List<KeySpec> keys() {
        return List.copyOf(KEYS.values());
    }

    /** The key of that name ({@code writer.batchMax}), or null. */
    public static @Nullable KeySpec find(String name) {
        return KEYS.get(name);
    }

    static List<String> names() {
        return List.copyOf(KEYS.keySet());
    }

    static boolean isSection(String name) {
        return KEYS.values().stream().anyMatch(key -> (key.section() + ".").startsWith(name + "."));
    }

    /**
     * Every key at its default with its reason, as a YAML file; ends in a newline. {@code conf/sluice.yaml} is this
     * text, and {@code sluice config schema} prints it.
     */
    public static String yaml() {
        StringBuilder yaml = new StringBuilder(HEAD);
        String section = "";
        for (KeySpec key : Schema.keys()) {
            if (!key.section().equals(section)) {
                yaml.append(heading(section, key.section()));
                section = key.section();
            }
            yaml.append(key(key));
        }
        return yaml.toString();
    }

    /** Names a section that is not named yet; the keys after an inner section stand in the outer one again. */
    private static String heading(String before, String section) {
        int depth = depth(section);
        if (depth == 0) {
            return before.startsWith(section + ".") ? "" : "\n" + section + ":\n";
        }
        return "  ".repeat(depth) + section.substring(section.lastIndexOf('.') + 1) + ":\n";
    }

    private static int depth(String section) {
        return (int) section.chars().filter(c -> c == '.').count();
    }

    private static String key(KeySpec key) {
        String indent = "  ".repeat(depth(key.section()) + 1);
        String comment = indent + "# " + key.key().why() + "\n";
        String allowed = key.allowed().isEmpty() ? "" : indent + "# " + key.allowed() + "\n";
        return comment + allowed + (indent + key.component() + ": " + key.key().def()).stripTrailing() + "\n";
    }

    /** Builds the records from one parsed value per key. */
    static SluiceConfig build(Function<KeySpec, @Nullable Object> values) {
        return (SluiceConfig) section("", SluiceConfig.class, values);
    }

    private static Object section(String name, Class<?> type, Function<KeySpec, @Nullable Object> values) {
        return construct(
                type,
                component -> isKey(component)
                        ? values.apply(KeySpec.of(name, component))
                        : section(within(name, component), component.getType(), values));
    }

    private static boolean isKey(RecordComponent component) {
        return component.isAnnotationPresent(Key.class);
    }

    private static String within(String section, RecordComponent component) {
        return section.isEmpty() ? component.getName() : section + "." + component.getName();
    }

    private static Object construct(Class<?> type, Function<RecordComponent, @Nullable Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] arguments = Arrays.stream(components).map(values).toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException e) {
            throw new IllegalStateException("cannot build " + type.getName(), e);
        }
    }

    private static Map<String, KeySpec> readKeys() {
        Map<String, KeySpec> byName = new LinkedHashMap<>();
        read("", SluiceConfig.class, key -> byName.put(key.name(), key));
        return Collections.unmodifiableMap(byName);
    }

    private static void read(String section, Class<?> type, Consumer<KeySpec> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (isKey(component)) {
                KeySpec key = KeySpec.of(section, component);
                keys.accept(key);
                if (key.key().secret()) {
                    keys.accept(key.inAFile());
                }
            } else {
                read(within(section, component), component.getType(), keys);
            }
        }
    }

    /** The key that names the file of a secret; null of what is none. */
    static @Nullable KeySpec fileOf(KeySpec key) {
        return key.key().secret() ? KEYS.get(key.inAFile().name()) : null;
    }
}
