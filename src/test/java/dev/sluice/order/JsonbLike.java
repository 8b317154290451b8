package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Spells JSON as a jsonb column gives it back: keys by length, then bytes; a blank after each colon and comma. */
final class JsonbLike {

    private static final Comparator<String> KEYS = Comparator.comparing(
            key -> key.getBytes(UTF_8),
            Comparator.<byte[]>comparingInt(bytes -> bytes.length).thenComparing(Arrays::compareUnsigned));

    private JsonbLike() {}

    static String reshuffled(String canonical) {
        return canonical.startsWith("[")
                ? value(new JsonArray(quotedNumbers(canonical)).getList())
                : value(new JsonObject(quotedNumbers(canonical)).getMap());
    }

    /** Vert.x would read decimals as doubles: numbers travel as marked strings. */
    private static String quotedNumbers(String canonical) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < canonical.length()) {
            char c = canonical.charAt(i);
            int end = c == '"'
                    ? endOfString(canonical, i)
                    : "-0123456789".indexOf(c) >= 0 ? endOfNumber(canonical, i) : i;
            if (end == i) {
                out.append(c);
                i++;
            } else {
                String token = canonical.substring(i, end);
                out.append(c == '"' ? token : "\"\\u0000" + token + '"');
                i = end;
            }
        }
        return out.toString();
    }

    private static int endOfString(String json, int quote) {
        int i = quote + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static int endOfNumber(String json, int from) {
        int i = from;
        while ("-.0123456789".indexOf(json.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private static String value(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream()
                    .map(String.class::cast)
                    .sorted(KEYS)
                    .map(key -> string(key) + ": " + value(map.get(key)))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonbLike::value).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }

    private static String text(String text) {
        return text.startsWith("\0") ? text.substring(1) : string(text);
    }

    private static String string(String text) {
        return new Utf8Buffer(16).quoted(text).toString();
    }
}
