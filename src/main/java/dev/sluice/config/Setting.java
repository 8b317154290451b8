package dev.sluice.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The value in force for one key, and where it comes from.
 *
 * @param value typed as its record component; null where a nullable key is not set
 */
public record Setting(KeySpec key, @Nullable Object value, Origin origin) {

    /**
     * The value as it may be shown: an {@link Integer}, {@link Long} or {@link Boolean} as it is, anything else as the
     * text one would write, secrets masked; null where not set.
     */
    public @Nullable Object shown() {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value instanceof Enum<?> choice ? choice.name().toLowerCase(Locale.ROOT) : value.toString();
    }

    /** {@code writer.deadlineMs (1000 ms, default)}, for messages. */
    String described() {
        String number = (shown() + " " + key.key().unit()).strip();
        return key.name() + " (" + number + ", " + origin + ")";
    }
}
