package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFilesTest {

    private static final String URI = "postgresql://u:hush@h/d";

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    private static LoadedConfig load(Map<String, String> environment, ConfigSources.Flag... flags) {
        return ConfigLoader.load(new ConfigSources(null, environment, List.of(), List.of(flags)));
    }

    private static String refusal(Map<String, String> environment) {
        String message = String.valueOf(
                assertThrows(ConfigException.class, () -> load(environment)).getMessage());
        assertFalse(message.contains("hush"), message);
        return message;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\n\n"})
    void theLineEndIsLeftOutAndTheOriginIsTheFile(String end) throws IOException {
        Path file = file((end.isEmpty() ? "\uFEFF" : "") + URI + end);
        LoadedConfig loaded = load(Map.of("SLUICE_POSTGRES_URI_FILE", file.toString()));
        assertEquals(URI, loaded.config().postgres().requiredUri().value());
        Setting uri = loaded.settings().stream()
                .filter(setting -> setting.key().name().equals("postgres.uri"))
                .findFirst()
                .orElseThrow();
        assertEquals(file + " (env SLUICE_POSTGRES_URI_FILE)", uri.origin().place());
        assertFalse(String.valueOf(uri.shown()).contains("hush"));
    }

    @Test
    void everySecretHasAFile() throws IOException {
        String text = "redis://:hush@h";
        assertEquals(
                text,
                Objects.requireNonNull(
                                load(Map.of("SLUICE_REDIS_URI_FILE", file(text).toString()))
                                        .config()
                                        .redis()
                                        .uri())
                        .value());
        LoadedConfig token =
                load(Map.of("SLUICE_ADMIN_TOKEN_FILE", file("hush\n").toString()));
        assertEquals(
                "hush", Objects.requireNonNull(token.config().admin().token()).value());
        Schema.keys().stream()
                .filter(key -> key.key().secret())
                .forEach(key ->
                        assertTrue(Objects.requireNonNull(Schema.fileOf(key)).isFileOfASecret(), key.name()));
    }

    @Test
    void aFileThatHoldsNoSecretIsNamedWithItsKey() throws IOException {
        String key = "SLUICE_POSTGRES_URI_FILE";
        Path missing = folder.resolve("no");
        assertTrue(
                refusal(Map.of(key, missing.toString())).contains("postgres.uriFile: " + missing + ": no such file"));
        assertTrue(refusal(Map.of(key, folder.toString())).contains("is a directory"));
        assertTrue(refusal(Map.of(key, file("").toString())).contains("is empty"));
        assertTrue(refusal(Map.of(key, file("\n").toString())).contains("is empty"));
        assertTrue(refusal(Map.of(key, file("hush").toString())).contains("postgres.uri: has no scheme"));
        Files.write(folder.resolve("secret"), new byte[] {'h', 'u', 's', 'h', (byte) 0xFF});
        assertTrue(refusal(Map.of(key, folder.resolve("secret").toString())).contains("UTF-8"));
    }

    /** The file of a release names a secret, and one of its users has another one in the environment; or the other way round. */
    @Test
    void theFormOfTheStrongerLayerCounts() throws IOException {
        Path secret = file("postgresql://filed:hush@h/d");
        Path yaml = Files.writeString(folder.resolve("a.yaml"), "postgres:\n  uriFile: " + secret + "\n");
        Map<String, String> environment = Map.of("SLUICE_POSTGRES_URI", "postgresql://given:hush@h/d");
        assertEquals("given", user(new ConfigSources(yaml, environment, List.of(), List.of())));
        assertEquals("filed", user(new ConfigSources(yaml, Map.of(), List.of(), List.of())));
        List<String> set = List.of("postgres.uriFile=" + secret);
        assertEquals("filed", user(new ConfigSources(null, environment, set, List.of())));
        Map<String, String> file = Map.of("SLUICE_POSTGRES_URI_FILE", secret.toString());
        List<String> plain = List.of("postgres.uri=postgresql://set@h/d");
        assertEquals("set", user(new ConfigSources(yaml, file, plain, List.of())));
    }

    private static String user(ConfigSources sources) {
        return ConfigLoader.load(sources).config().postgres().requiredUri().user();
    }

    @Test
    void bothFormsAreOneTooManyAndWhatAVerbDecidesOutranksBoth() throws IOException {
        String file = file(URI).toString();
        Map<String, String> both = Map.of("SLUICE_POSTGRES_URI_FILE", file, "SLUICE_POSTGRES_URI", URI);
        assertTrue(refusal(both).contains("are both given"), refusal(both));
        ConfigSources.Flag dev = new ConfigSources.Flag("dev", "postgres.uri", "postgresql://v@h/d");
        assertEquals(
                "v",
                load(Map.of("SLUICE_POSTGRES_URI_FILE", file), dev)
                        .config()
                        .postgres()
                        .requiredUri()
                        .user());
    }

    @Test
    void filesOfTlsAreLookedIntoBeforeAStart() throws IOException {
        String verified = "postgresql://u:hush@h/d?sslmode=verify-full";
        assertTrue(refusal(Map.of("SLUICE_POSTGRES_URI", verified)).contains("needs a CA"));
        String missing = folder.resolve("no").toString();
        Map<String, String> named = Map.of("SLUICE_POSTGRES_URI", verified, "SLUICE_POSTGRES_TLS_CA", missing);
        assertTrue(refusal(named).contains("postgres.uri (env SLUICE_POSTGRES_URI): " + missing + ": no such file"));
        assertTrue(refusal(Map.of(
                        "SLUICE_POSTGRES_URI",
                        verified,
                        "SLUICE_POSTGRES_TLS_CA",
                        file("x").toString()))
                .contains("no certificate"));
        assertTrue(refusal(Map.of(
                        "SLUICE_POSTGRES_URI", "postgresql://u@my_host/d?sslmode=verify-full&sslrootcert=system"))
                .contains("has a _"));
        assertTrue(refusal(Map.of("SLUICE_POSTGRES_URI", "postgresql://u@h/d?sslmode=require&sslrootcert=system"))
                .contains("sslmode=verify-full"));
        assertTrue(refusal(Map.of("SLUICE_REDIS_URI", "redis://h", "SLUICE_REDIS_TLS_CA", missing))
                .contains("not rediss://"));
        assertTrue(refusal(Map.of("SLUICE_POSTGRES_URI", "postgresql://u@h/d?sslmode=require&sslcert=" + missing))
                .contains("sslkey"));
    }
}
