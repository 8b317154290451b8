package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.rig.Await;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients call their fields is not kept. */
class StrictJsonTest {

    private static final int NAME_CHARACTERS = 60_000;
    private static final int DOCUMENTS = 50;

    /** A table may hold as many; the one that is read last may be another. */
    private static final int HELD_MAX = StrictJson.TABLE_BYTES_MAX / NAME_CHARACTERS + 1;

    private interface Reading {
        JsonParser of(String json) throws IOException;
    }

    @Test
    void longNamesInBytesAreLetGo() throws IOException {
        StrictJson json = new StrictJson();
        assertLetGo(document -> {
            byte[] bytes = document.getBytes(UTF_8);
            return json.parser(bytes, 0, bytes.length);
        });
    }

    @Test
    void longNamesInTextAreLetGo() throws IOException {
        assertLetGo(new StrictJson()::parser);
    }

    private static void assertLetGo(Reading reading) throws IOException {
        List<WeakReference<String>> names = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            names.add(new WeakReference<>(nameIn(reading, "{\"" + i + "x".repeat(NAME_CHARACTERS) + "\":1}")));
        }
        Await.until("at most " + HELD_MAX + " names are held", () -> {
            System.gc();
            return names.stream().filter(name -> name.get() != null).count() <= HELD_MAX;
        });
    }

    private static String nameIn(Reading reading, String document) throws IOException {
        String name = "";
        try (JsonParser parser = reading.of(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                name = token == JsonToken.FIELD_NAME ? parser.currentName() : name;
            }
        }
        return name;
    }
}
