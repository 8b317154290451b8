package dev.sluice.config;

import dev.sluice.config.file.YamlFile.Kind;
import dev.sluice.config.value.ConfigObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every key there is, read once from the records, and the way back from values to records. */
public final class Schema {

    private static final Map<String, KeySpec> KEYS = new LinkedHashMap<>();
    private static final Map<String, Key.Each> FAMILIES = new LinkedHashMap<>();

    static {
        read("", SluiceConfig.class);
    }

    private Schema() {}

    /** All keys in the order of the records. */
    public static List<KeySpec> keys() {
        return List.copyOf(KEYS.values());
    }

    /** The key of that name ({@code writer.batchMax}, {@code quota.accounts.shop.burst}), or null. */
    public static @Nullable KeySpec find(String name) {
        KeySpec key = KEYS.get(name);
        return key == null ? ofFamily(name) : key;
    }

    /** A key of one member of a family: the member's name may have dots, that of its key has none. */
    private static @Nullable KeySpec ofFamily(String name) {
        String family = familyOf(name);
        int dot = name.lastIndexOf('.');
        if (family == null || dot <= family.length()) {
            return null;
        }
        Key.Each each = Objects.requireNonNull(FAMILIES.get(family));
        if (!name.substring(family.length() + 1, dot).matches(each.name())) {
            return null;
        }
        return keys(name.substring(0, dot), each.of()).stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The keys of one section, those of inner sections left out and those of the files of secrets included. */
    private static List<KeySpec> keys(String section, Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> KeySpec.of(section, component))
                .flatMap(key -> key.key().secret() ? Stream.of(key, key.inAFile()) : Stream.of(key))
                .toList();
    }

    /** Families of sections by name, {@code extensions}: any number of members with the same keys. */
    public static Map<String, Key.Each> families() {
        return Collections.unmodifiableMap(FAMILIES);
    }

    /** The keys of a member of a family, whatever it is called. */
    public static List<KeySpec> keysOf(String family, String member) {
        return keys(
                family + "." + member,
                Objects.requireNonNull(FAMILIES.get(family)).of());
    }

    /** All keys of the members that are named by one key at least. */
    static List<KeySpec> keysOfMembers(Collection<String> named) {
        return named.stream()
                .filter(name -> !KEYS.containsKey(name))
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .distinct()
                .flatMap(section ->
                        keys(
                                section,
                                Objects.requireNonNull(FAMILIES.get(familyOf(section + ".")))
                                        .of())
                                .stream())
                .toList();
    }

    /** The key of a member of a family that a variable stands for, or null: {@code SLUICE_EXTENSIONS_TOTAL_VERTICLE}. */
    static @Nullable KeySpec findByEnvironment(String variable) {
        return FAMILIES.keySet().stream()
                .flatMap(family -> keysOf(family, KeySpec.ANY).stream()
                        .flatMap(key -> key.memberIn(variable).stream())
                        .map(member -> family + "." + member))
                .map(Schema::find)
                .filter(key -> key != null && key.environmentName().equals(variable))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String familyOf(String name) {
        return FAMILIES.keySet().stream()
                .filter(family -> name.startsWith(family + "."))
                .findFirst()
                .orElse(null);
    }

    static List<String> names() {
        return List.copyOf(KEYS.keySet());
    }

    /** What may have been meant by a name that is none: all keys, and those of the member that it names. */
    static List<String> namesNear(String wrong) {
        String family = familyOf(wrong);
        int dot = wrong.lastIndexOf('.');
        if (family == null || dot <= family.length()) {
            return names();
        }
        return Stream.concat(
                        keysOf(family, wrong.substring(family.length() + 1, dot)).stream()
                                .map(KeySpec::name),
                        names().stream())
                .toList();
    }

    static boolean isSection(String name) {
        String family = familyOf(name);
        return KEYS.values().stream().anyMatch(key -> (key.section() + ".").startsWith(name + "."))
                || FAMILIES.containsKey(name)
                || (family != null && name.indexOf('.', family.length() + 1) < 0);
    }

    /** What a name is in a file. */
    static Kind kindOf(String name) {
        KeySpec key = find(name);
        if (key == null) {
            return isSection(name) ? Kind.SECTION : Kind.NONE;
        }
        if (key.type() == ConfigObject.class) {
            return Kind.OBJECT;
        }
        return key.type() == String.class ? Kind.TEXT : Kind.VALUE;
    }

    /**
     * Builds the records from one parsed value per key.
     *
     * @param named every key that is given, which tells the members of families
     */
    static SluiceConfig build(Function<KeySpec, @Nullable Object> values, Collection<String> named) {
        return (SluiceConfig) section("", SluiceConfig.class, values, named);
    }

    private static Object section(
            String name, Class<?> type, Function<KeySpec, @Nullable Object> values, Collection<String> named) {
        return construct(type, component -> {
            if (isKey(component)) {
                return values.apply(KeySpec.of(name, component));
            }
            String inner = within(name, component);
            Key.Each each = FAMILIES.get(inner);
            return each == null
                    ? section(inner, component.getType(), values, named)
                    : members(inner, each.of(), values, named);
        });
    }

    private static Map<String, Object> members(
            String family, Class<?> type, Function<KeySpec, @Nullable Object> values, Collection<String> named) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (String key : named) {
            if (key.startsWith(family + ".")) {
                String section = key.substring(0, key.lastIndexOf('.'));
                members.computeIfAbsent(
                        section.substring(family.length() + 1), member -> section(section, type, values, named));
            }
        }
        return members;
    }

    private static boolean isKey(RecordComponent component) {
        return component.isAnnotationPresent(Key.class);
    }

    private static String within(String section, RecordComponent component) {
        String name = KeySpec.sectionName(component);
        return section.isEmpty() ? name : section + "." + name;
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

    private static void read(String section, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (isKey(component)) {
                KeySpec key = KeySpec.of(section, component);
                KEYS.put(key.name(), key);
                if (key.key().secret()) {
                    KEYS.put(key.inAFile().name(), key.inAFile());
                }
            } else if (component.isAnnotationPresent(Key.Each.class)) {
                FAMILIES.put(within(section, component), component.getAnnotation(Key.Each.class));
            } else {
                read(within(section, component), component.getType());
            }
        }
    }

    /** The key that names the file of a secret; null of what is none. */
    static @Nullable KeySpec fileOf(KeySpec key) {
        return key.key().secret() ? find(key.inAFile().name()) : null;
    }
}
