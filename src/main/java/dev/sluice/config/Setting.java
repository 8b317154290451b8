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

    /**
     * Where a value comes from.
     *
     * @param layer which of the five layers
     * @param place for people: {@code default}, {@code conf/sluice.yaml:3:9}, {@code env SLUICE_HTTP_PORT}, {@code --set},
     *     {@code --http-port}
     */
    public record Origin(Layer layer, String place) {

        /** Where values come from, the weakest first. */
        public enum Layer {
            DEFAULT,
            FILE,
            ENVIRONMENT,
            SET,
            FLAG
        }

        static final Origin DEFAULT = new Origin(Layer.DEFAULT, "default");

        @Override
        public String toString() {
            return place;
        }
    }
}
