package dev.sluice.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.sluice.admin.LiveInstances.Kind;
import dev.sluice.admin.LiveInstances.Range;
import dev.sluice.order.Faults.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The body of {@code PATCH /admin/verticles}: {@code {"http":4,"writer":2}}, at least one of them, and nothing else.
 *
 * @param wanted instances by kind; empty where there are faults
 * @param faults with JSON pointer, all at once up to the first syntax error
 */
record ResizeRequest(Map<Kind, Integer> wanted, List<Fault> faults) {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static ResizeRequest parse(byte[] body, Function<Kind, Range> allowed) {
        Map<Kind, Integer> wanted = new EnumMap<>(Kind.class);
        List<Fault> faults = new ArrayList<>();
        try (JsonParser json = JSON.createParser(body)) {
            read(json, allowed, wanted, faults);
        } catch (JsonProcessingException e) {
            faults.add(new Fault("", "is not well-formed JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("from memory", e);
        }
        if (faults.isEmpty() && wanted.isEmpty()) {
            faults.add(new Fault("", "must name at least one of " + labels()));
        }
        return new ResizeRequest(faults.isEmpty() ? wanted : Map.of(), faults);
    }

    private static void read(
            JsonParser json, Function<Kind, Range> allowed, Map<Kind, Integer> wanted, List<Fault> faults)
            throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            faults.add(new Fault("", "must be a JSON object such as {\"http\":4,\"writer\":2}"));
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            member(json, allowed, wanted, faults);
        }
        if (json.nextToken() != null) {
            faults.add(new Fault("", "must end after the object"));
        }
    }

    private static void member(
            JsonParser json, Function<Kind, Range> allowed, Map<Kind, Integer> wanted, List<Fault> faults)
            throws IOException {
        String name = json.currentName();
        Optional<Kind> kind = kind(name);
        boolean whole = json.nextToken() == JsonToken.VALUE_NUMBER_INT;
        if (kind.isEmpty()) {
            faults.add(new Fault(pointer(name), "is not known; there are " + labels()));
        } else if (whole && isWithin(json.getBigIntegerValue().bitLength(), json, allowed.apply(kind.get()))) {
            wanted.put(kind.get(), json.getIntValue());
        } else {
            faults.add(new Fault(pointer(name), "must be a whole number, " + allowed.apply(kind.get())));
        }
        json.skipChildren();
    }

    private static boolean isWithin(int bits, JsonParser json, Range allowed) throws IOException {
        return bits < Integer.SIZE && allowed.contains(json.getIntValue());
    }

    private static Optional<Kind> kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.label().equals(name))
                .findFirst();
    }

    private static String labels() {
        return Arrays.stream(Kind.values()).map(Kind::label).collect(Collectors.joining(" and "));
    }

    /** RFC 6901. */
    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
