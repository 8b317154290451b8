package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisSettingsTest {

    private static final long GIB = 1L << 30;

    @Test
    void thereIsRoomForTheOrdersWithinHalfOfTheMachine() {
        assertEquals(1_000_000L * 1024, RedisSettings.memoryBytes(1_000_000, 24 * GIB));
        assertEquals(GIB / 2, RedisSettings.memoryBytes(1_000_000, GIB));
        assertEquals(64L << 20, RedisSettings.memoryBytes(10, 24 * GIB));
    }

    /** In Egypt a machine may print 1234 with other digits. */
    @Test
    void numbersAreThoseThatRedisReads(@TempDir Path home) {
        Locale before = Locale.getDefault();
        ConnectionFile connection = ConnectionFile.of(home, "Redis");
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            String file = RedisSettings.file(connection, home, home, home, Map.of());
            assertTrue(file.contains("\nport " + connection.port() + "\n"), file);
        } finally {
            Locale.setDefault(before);
        }
    }
}
