package dev.sluice.config;

import dev.sluice.config.value.Instances;
import dev.sluice.config.value.VerticleName;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One configuration key as its record component describes it.
 *
 * @param section name of the section, {@code writer}, or of one within another, {@code http.cors}
 * @param component name within the section, {@code batchMax}
 * @param type type of the record component
 * @param nullable whether it may be without a value
 * @param key default, unit, range, reason
 */
public record KeySpec(String section, String component, Class<?> type, boolean nullable, Key key) {

    /** Stands for the member of a family. */
    static final String ANY = "x";

    private static final String FILE = "File";

    static KeySpec of(String section, RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        Objects.requireNonNull(key, () -> "no @Key on " + component);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return new KeySpec(section, component.getName(), component.getType(), nullable, key);
    }

    /** What a section is called that a record component holds. */
    public static String sectionName(RecordComponent component) {
        Key.Section named = component.getAnnotation(Key.Section.class);
        return named == null ? component.getName() : named.value();
    }

    /** {@code writer.batchMax}. */
    public String name() {
        return section + "." + component;
    }

    /** {@code SLUICE_WRITER_BATCH_MAX}. */
    public String environmentName() {
        String words = name().replaceAll("([A-Z])", "_$1").replace('.', '_');
        return "SLUICE_" + words.toUpperCase(Locale.ROOT);
    }

    /**
     * The key that a variable stands for, this being the one of the member {@value #ANY} of a family: its name without
     * that of the family. Empty where the variable is no such key.
     */
    Optional<String> memberIn(String variable) {
        String[] around = environmentName().split("_" + ANY.toUpperCase(Locale.ROOT) + "_", 2);
        int begin = around[0].length() + 1;
        int end = variable.length() - around[1].length() - 1;
        boolean fits = variable.startsWith(around[0] + "_") && variable.endsWith("_" + around[1]) && begin < end;
        return fits ? Optional.of(camelCase(variable.substring(begin, end)) + "." + component) : Optional.empty();
    }

    /** {@code RUNNING_TOTAL} is {@code runningTotal}. */
    private static String camelCase(String words) {
        Matcher next = Pattern.compile("_([a-z0-9])").matcher(words.toLowerCase(Locale.ROOT));
        return next.replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    /** The values of an enumeration as they are written; empty for other types. */
    public List<String> choices() {
        if (!type.isEnum()) {
            return List.of();
        }
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Whether the value is a plain number. */
    public boolean isNumber() {
        return type == int.class || type == long.class || type == Long.class;
    }

    /** What is allowed, with the unit: {@code 1..10000 orders}. */
    public String allowed() {
        if (isNumber()) {
            return (key.min() + ".." + key.max() + " " + key.unit()).strip();
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return String.join(", ", choices());
        }
        if (type == VerticleName.class) {
            return VerticleName.FORM;
        }
        return type == Instances.class ? "a number, auto, or a factor per core such as 2x" : "";
    }

    /** Whether a number is in the range. */
    boolean inRange(long number) {
        return number >= key.min() && number <= key.max();
    }

    /** The key that names the file of a secret: {@code postgres.uriFile}. */
    KeySpec inAFile() {
        return of(section, File.class.getRecordComponents()[0]).named(component + FILE);
    }

    /** Whether it names the file of a secret, whose value is that of another key then. */
    public boolean isFileOfASecret() {
        KeySpec secret =
                component.endsWith(FILE) ? Schema.find(name().substring(0, name().length() - FILE.length())) : null;
        return secret != null && secret.key().secret();
    }

    private KeySpec named(String name) {
        return new KeySpec(section, name, type, nullable, key);
    }

    /** What is to be said of each file of a secret. */
    private record File(
            @Key(
                    def = "",
                    why = "file with the value above, as secrets are mounted; the line end at its end is left out")
            @Nullable
            Path file) {}
}
