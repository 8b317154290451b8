package dev.sluice.config;

import dev.sluice.config.file.PathText;
import dev.sluice.config.value.BusAddresses;
import dev.sluice.config.value.ClientAccounts;
import dev.sluice.config.value.ConfigObject;
import dev.sluice.config.value.Instances;
import dev.sluice.config.value.PostgresUri;
import dev.sluice.config.value.RedisUri;
import dev.sluice.config.value.Secret;
import dev.sluice.config.value.StoreUri;
import dev.sluice.config.value.VerticleName;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text to a typed value in its range. */
final class ValueParser {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private ValueParser() {}

    /**
     * Reads the text of a key.
     *
     * @return null only for a nullable key and an empty text
     * @throws IllegalArgumentException says what is wrong and what is allowed, without the text of a secret
     */
    static @Nullable Object parse(KeySpec key, String text) {
        if (text.isEmpty()) {
            if (key.nullable()) {
                return null;
            }
            throw new IllegalArgumentException("has no value" + hint(key));
        }
        return typed(key, text);
    }

    /** The parts of a value that is a list, commas between; none where it is not set. */
    static List<String> list(@Nullable String value) {
        return value == null
                ? List.of()
                : Arrays.stream(value.split(",", -1)).map(String::strip).toList();
    }

    private static Object typed(KeySpec key, String text) {
        Class<?> type = key.type();
        if (type == int.class) {
            return (int) number(key, text);
        }
        if (type == long.class || type == Long.class) {
            return number(key, text);
        }
        if (type == boolean.class) {
            return truth(key, text);
        }
        if (type == String.class) {
            return text;
        }
        return type.isEnum() ? choice(key, text) : object(key, text);
    }

    private static Object object(KeySpec key, String text) {
        Class<?> type = key.type();
        if (type == Instances.class) {
            return instances(key, text);
        }
        if (type == Path.class) {
            return PathText.parse(text);
        }
        if (type == Secret.class) {
            return new Secret(text);
        }
        if (type == PostgresUri.class) {
            return StoreUri.postgres(text);
        }
        if (type == RedisUri.class) {
            return StoreUri.redis(text);
        }
        if (type == ClientAccounts.class) {
            return ClientAccounts.parse(text);
        }
        return ofExtensions(key, text);
    }

    private static Object ofExtensions(KeySpec key, String text) {
        Class<?> type = key.type();
        if (type == VerticleName.class) {
            return new VerticleName(text);
        }
        if (type == BusAddresses.class) {
            return BusAddresses.parse(text);
        }
        if (type == ConfigObject.class) {
            return ConfigObject.parse(text);
        }
        throw new IllegalStateException("no parser for " + type + " of " + key.name());
    }

    private static long number(KeySpec key, String text) {
        if (!text.matches("-?[0-9]{1,30}")) {
            throw new IllegalArgumentException(quoted(text) + " is not a whole number" + hint(key));
        }
        BigInteger number = new BigInteger(text);
        if (number.bitLength() > 63 || !key.inRange(number.longValue())) {
            throw new IllegalArgumentException(text + " is out of range" + hint(key));
        }
        return number.longValue();
    }

    private static boolean truth(KeySpec key, String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException(quoted(text) + " is neither" + hint(key));
    }

    private static Object choice(KeySpec key, String text) {
        for (Object constant : key.type().getEnumConstants()) {
            if (constant.toString().equals(text.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw new IllegalArgumentException(quoted(text) + " is none of them" + hint(key));
    }

    private static Instances instances(KeySpec key, String text) {
        Instances instances;
        try {
            instances = Instances.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(quoted(text) + " " + e.getMessage(), e);
        }
        if (!key.inRange(instances.count())) {
            throw new IllegalArgumentException(text + " is out of range, allowed: "
                    + key.key().min() + ".." + key.key().max() + " instances, or as many per core");
        }
        return instances;
    }

    private static String hint(KeySpec key) {
        String allowed = key.allowed();
        return allowed.isEmpty() ? "" : ", allowed: " + allowed;
    }

    private static String quoted(String text) {
        String masked = visible(StoreUri.masked(text));
        return "'" + (masked.length() > 80 ? masked.substring(0, 80) + "..." : masked) + "'";
    }

    /** A line end that Windows left is seen, and nothing reaches the terminal. */
    private static String visible(String text) {
        return CONTROL.matcher(text)
                .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    }
}
