package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.value.Instances;
import dev.sluice.config.value.Nearest;
import dev.sluice.config.value.PostgresUri;
import dev.sluice.config.value.RedisUri;
import dev.sluice.config.value.Secret;
import dev.sluice.config.value.StoreUri;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"auto, 4, 2", "auto, 1, 1", "auto, 3, 1", "3, 4, 3", "2x, 4, 8", "1x, 1, 1"})
    void instancesResolve(String text, int cores, int expected) {
        Instances instances = Instances.parse(text);
        assertEquals(expected, instances.resolve(cores));
        assertEquals(text, instances.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"257", "257x", "-1", "x", "1.5", "2X", "Auto", "two"})
    void otherInstancesAreRefused(String text) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("writer.instances=" + text));
        assertTrue(thrown.getMessage().contains("writer.instances: "), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "256", "256x"})
    void instancesAtTheirBoundsAreTaken(String text) {
        assertEquals(
                text,
                SluiceConfig.of("writer.instances=" + text).writer().instances().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0", "1e3", "0x10", " 1", "1_000", "+1", "9223372036854775808", "99999999999999999999999999"})
    void otherNumbersAreRefused(String text) {
        assertThrows(ConfigException.class, () -> SluiceConfig.of("writer.batchMax=" + text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "TRUE", "on"})
    void otherTruthsAreRefused(String text) {
        assertThrows(ConfigException.class, () -> SluiceConfig.of("http.accessLog=" + text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:hush@h:5432/db",
                "postgres://u:hush@my_host/db?sslmode=require",
                "postgresql://u:hush@[::1]:5432/db",
                "postgresql://h/db?user=u&password=hush&application_name=x"
            })
    void aUriIsTakenAndShownWithoutItsPassword(String text) {
        SluiceConfig config = SluiceConfig.of("postgres.uri=" + text);
        assertEquals(text, config.postgres().requiredUri().value());
        assertFalse(config.toString().contains("hush"), config.toString());
        assertTrue(config.toString().contains("***"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:hush@h/db",
                "h:5432/db:hush",
                "postgresql://u:hush@h/db?x=hush",
                "postgresql://u:hush@h/db?connect_timeout=0",
                "postgresql://u:hush@h:5432,i:5432/db",
                "postgresql://u:hu@sh:x@h/db",
                "postgresql://u:hush/@h/db",
                "postgresql://u:hush%zz@h/db",
                "postgresql://u:hush@h:99999/db",
                "postgresql://u:hush@h:0/db",
                "postgresql://u:hush@h/db?x",
                "postgresql://u:hush@h/db name"
            })
    void aBadUriIsRefusedWithoutBeingRepeated(String text) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("postgres.uri=" + text));
        assertFalse(thrown.getMessage().contains("hush"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(StoreUri.POSTGRES_FORM));
    }

    @Test
    void aPasswordWithReservedCharactersIsMaskedWhole() {
        assertEquals("postgresql://u:***@h/db", StoreUri.masked("postgresql://u:a@b:c/d?e@h/db"));
        assertEquals("postgresql://u@h/db", StoreUri.masked("postgresql://u@h/db"));
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("postgresql://u:hush@h/db"));
        assertFalse(thrown.getMessage().contains("hush"), thrown.getMessage());
        ConfigException misplaced =
                assertThrows(ConfigException.class, () -> SluiceConfig.of("http.port=postgresql://u:hush@h/db"));
        assertFalse(misplaced.getMessage().contains("hush"), misplaced.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://u:hush@h:6379",
                "redis://:hush@h",
                "redis://hush@h/3",
                "rediss://u:hush@[::1]:6379/0",
                "redis://h:6379?user=u&password=hush"
            })
    void aRedisUriIsTakenAndShownWithoutItsPassword(String text) {
        SluiceConfig config = SluiceConfig.of("redis.uri=" + text);
        StoreUri uri = Objects.requireNonNull(config.redis().uri());
        assertEquals(text, uri.value());
        assertFalse(config.toString().contains("hush"), config.toString());
        assertFalse(uri.withoutPassword().contains("hush"), uri.withoutPassword());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://u:hush@h",
                "h:6379:hush",
                "redis://u:hush@h?x=1",
                "redis://u:hush@h:6379,i:6379",
                "redis://u:hu@sh@h",
                "redis+unix:///run/hush.sock",
                "redis://u:50%hush@h",
                "redis://u:hush@h:65536",
                "redis://u:hush@h?db=x",
                "redis://u:hush@h/name"
            })
    void aBadRedisUriIsRefusedWithoutBeingRepeated(String text) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("redis.uri=" + text));
        assertFalse(thrown.getMessage().contains("hush"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(StoreUri.REDIS_FORM));
    }

    @Test
    void anUnknownSslModeIsRefused() {
        ConfigException thrown = assertThrows(
                ConfigException.class, () -> SluiceConfig.of("postgres.uri=postgresql://u:hush@h/db?sslmode=requrie"));
        assertTrue(thrown.getMessage().contains("did you mean require?"), thrown.getMessage());
        assertFalse(thrown.getMessage().contains("hush"), thrown.getMessage());
    }

    @Test
    void aTokenIsShownNowhere() {
        SluiceConfig config = SluiceConfig.of("admin.token=hush");
        assertFalse(config.toString().contains("hush"));
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of("admin.token=hush hush"));
        assertFalse(thrown.getMessage().contains("hush"), thrown.getMessage());
    }

    @Test
    void everySecretKeyHasATypeThatMasksItself() {
        Schema.keys().stream()
                .filter(key -> key.key().secret())
                .forEach(key -> assertTrue(
                        List.of(Secret.class, PostgresUri.class, RedisUri.class).contains(key.type()), key.name()));
    }

    @ParameterizedTest
    @CsvSource({
        "http.prot, http.port",
        "htpp.port, http.port",
        "writer.batchmax, writer.batchMax",
        "writer.batch-max, writer.batchMax",
        "http.deadline, http.deadlineMs",
        "overflow.deadline, overflow.deadlineMs",
        "redis.url, redis.uri",
        "poolSize, postgres.poolSize"
    })
    void theNearestNameIsFound(String wrong, String meant) {
        assertEquals(Optional.of(meant), Nearest.to(wrong, Schema.names()));
    }

    @Test
    void nothingIsNearToNonsense() {
        assertEquals(Optional.empty(), Nearest.to("zebra.crossing.far.away", Schema.names()));
        assertEquals(Optional.empty(), Nearest.to("", Schema.names()));
    }
}
