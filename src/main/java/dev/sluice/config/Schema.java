package dev.sluice.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        return KEYS.values().stream().anyMatch(key -> key.section().equals(name));
    }

    /**
     * Every key at its default with its reason, as a YAML file; ends in a newline. {@code conf/sluice.yaml} is this
     * text, and {@code sluice config schema} prints it.
     */
    public static String yaml() {
        return HEAD
                + Schema.keys().stream()
                        .map(KeySpec::section)
                        .distinct()
                        .map(Schema::section)
                        .collect(Collectors.joining());
    }

    private static String section(String section) {
        List<KeySpec> keys = Schema.keys().stream()
                .filter(key -> key.section().equals(section))
                .toList();
        return "\n" + section + ":\n" + keys.stream().map(Schema::key).collect(Collectors.joining());
    }

    private static String key(KeySpec key) {
        String comment = "  # " + key.key().why() + "\n";
        String allowed = key.allowed().isEmpty() ? "" : "  # " + key.allowed() + "\n";
        return comment + allowed + ("  " + key.component() + ": " + key.key().def()).stripTrailing() + "\n";
    }

    /** Builds the records from one parsed value per key. */
    static SluiceConfig build(Function<KeySpec, @Nullable Object> values) {
        return (SluiceConfig) construct(SluiceConfig.class, section -> buildSection(section, values));
    }

    private static Object buildSection(RecordComponent section, Function<KeySpec, @Nullable Object> values) {
        return construct(section.getType(), component -> values.apply(KeySpec.of(section, component)));
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
        List<KeySpec> keys = new ArrayList<>();
        for (RecordComponent section : SluiceConfig.class.getRecordComponents()) {
            for (RecordComponent component : section.getType().getRecordComponents()) {
                keys.add(KeySpec.of(section, component));
            }
        }
        Map<String, KeySpec> byName = new LinkedHashMap<>();
        keys.forEach(key -> byName.put(key.name(), key));
        return Collections.unmodifiableMap(byName);
    }
}
