package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaTest {

    private static final Path FILE = Path.of("conf/sluice.yaml");

    @Test
    void theShippedFileNamesEveryKeyAndChangesNone() {
        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(FILE, Map.of(), List.of(), List.of()));
        assertEquals(SluiceConfig.defaults(), loaded.config());
        for (Setting setting : loaded.settings()) {
            assertEquals(
                    Setting.Origin.Layer.FILE,
                    setting.origin().layer(),
                    setting.key().name());
        }
    }

    @Test
    void environmentNamesAreReadableAndUnique() {
        assertEquals("SLUICE_WRITER_BATCH_MAX", Schema.find("writer.batchMax").environmentName());
        assertEquals(
                "SLUICE_HTTP_CORS_ORIGINS", Schema.find("http.cors.origins").environmentName());
        assertEquals("SLUICE_HTTP_PORT", Schema.find("http.port").environmentName());
        Set<String> names = new HashSet<>();
        Schema.keys().forEach(key -> assertTrue(names.add(key.environmentName()), key.name()));
    }

    @Test
    void everyNumberHasARangeAndEveryUnitIsInTheName() {
        for (KeySpec key : Schema.keys()) {
            assertFalse(key.key().why().isBlank(), key.name());
            if (key.isNumber()) {
                assertTrue(key.key().min() >= 0 && key.key().max() < Long.MAX_VALUE, key.name());
            }
            if (key.key().unit().equals("ms")) {
                assertTrue(key.name().endsWith("Ms"), key.name());
            }
            if (key.key().unit().equals("bytes")) {
                assertTrue(key.name().endsWith("BytesMax"), key.name());
            }
        }
    }

    /** One below, at and one above both ends, for every number there is. */
    @Test
    void everyRangeHoldsAtItsEnds() {
        Schema.keys().stream().filter(KeySpec::isNumber).forEach(key -> {
            assertEquals(
                    key.key().min() - 1 < 0 ? "not" : "out",
                    verdict(key, key.key().min() - 1));
            assertEquals("ok", verdict(key, key.key().min()));
            assertEquals("ok", verdict(key, key.key().max()));
            assertEquals("out", verdict(key, key.key().max() + 1));
        });
    }

    private static String verdict(KeySpec key, long number) {
        try {
            ValueParser.parse(key, Long.toString(number));
            return "ok";
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().endsWith("allowed: " + key.allowed()), e.getMessage());
            return number < 0 ? "not" : "out";
        }
    }
}
