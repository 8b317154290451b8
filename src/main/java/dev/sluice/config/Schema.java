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
import org.jspecify.annotations.Nullable;

/** Every key there is, read once from the records, and the way back from values to records. */
public final class Schema {

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
