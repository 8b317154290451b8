package dev.sluice.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Configurations for tests of parts: the defaults with some keys set, beyond their ranges and rules where a test needs it. */
public final class TestConfig {

    private TestConfig() {}

    /** {@code key=value} each. */
    public static SluiceConfig of(String... sets) {
        Map<String, String> texts = Arrays.stream(sets)
                .map(set -> set.split("=", 2))
                .collect(Collectors.toMap(parts -> known(parts[0]).name(), parts -> parts[1], (first, last) -> last));
        return Schema.build(
                key -> value(key, texts.getOrDefault(key.name(), key.key().def())), texts.keySet());
    }

    private static KeySpec known(String name) {
        return Objects.requireNonNull(Schema.find(name), () -> "no key " + name);
    }

    private static @Nullable Object value(KeySpec key, String text) {
        if (key.type() == int.class) {
            return Integer.parseInt(text);
        }
        return key.type() == long.class ? (Object) Long.parseLong(text) : ValueParser.parse(key, text);
    }
}
