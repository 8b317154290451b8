package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections that are named by who configures. */
class ExtensionKeysTest {

    @TempDir
    Path folder;

    private LoadedConfig file(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), yaml);
        return ConfigLoader.load(new ConfigSources(file, Map.of(), List.of(), List.of()));
    }

    private static String problem(String... sets) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> SluiceConfig.of(sets));
        return String.join("\n", thrown.problems());
    }

    private static ExtensionConfig only(LoadedConfig loaded) {
        assertEquals(1, loaded.config().extensions().size());
        return loaded.config().extensions().values().iterator().next();
    }

    @Test
    void aFileHasThemWithAnObjectOfAnyShape() throws IOException {
        LoadedConfig loaded = file("""
                extensions:
                  runningTotal:
                    verticle: groovy:a/b.groovy
                    instances: 2
                    publishes: orders.total, orders.other
                    config:
                      everyMs: 1000
                      rate: 0.5
                      on: true
                      name: "1000"
                      nothing:
                      list: [1, {a: b}]
                      inner:
                        key: 'it''s: #1'
                """);
        ExtensionConfig total = only(loaded);
        assertTrue(total.verticle().isGroovy());
        assertEquals("a/b.groovy", total.verticle().target());
        assertEquals(2, total.instances());
        assertEquals(List.of("orders.total", "orders.other"), total.published());
        Map<String, Object> values = total.values();
        assertEquals(1000, values.get("everyMs"));
        assertEquals(0.5, values.get("rate"));
        assertEquals(true, values.get("on"));
        assertEquals("1000", values.get("name"));
        assertTrue(values.containsKey("nothing"));
        assertEquals(List.of(1, Map.of("a", "b")), values.get("list"));
        assertEquals(Map.of("key", "it's: #1"), values.get("inner"));
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        ExtensionConfig config = SluiceConfig.of("extensions.a.verticle=org.example.A").extensions().values().stream()
                .findFirst()
                .orElseThrow();
        assertEquals(1, config.instances());
        assertEquals(ExtensionConfig.JARS_BY_DEFAULT, config.jars());
        assertEquals(Map.of(), config.values());
        assertEquals(List.of(), config.published());
        assertEquals(Map.of(), SluiceConfig.defaults().extensions());
    }

    @Test
    void theEnvironmentHasThemToo() {
        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(
                null,
                Map.of(
                        "SLUICE_EXTENSIONS_RUNNING_TOTAL_VERTICLE",
                        "org.example.Total",
                        "SLUICE_EXTENSIONS_RUNNING_TOTAL_CONFIG",
                        "{\"every\": 5}"),
                List.of(),
                List.of()));
        assertEquals(
                List.of("runningTotal"),
                List.copyOf(loaded.config().extensions().keySet()));
        assertEquals(Map.of("every", 5), only(loaded).values());
        assertEquals(List.of(), loaded.warnings());
    }

    /** It may hold a password. */
    @Test
    void theObjectIsNotShownAndMayStandInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("object"), "{password: hush}\n");
        LoadedConfig loaded = ConfigLoader.load(
                ConfigSources.ofSets("extensions.a.verticle=org.example.A", "extensions.a.configFile=" + file));
        assertEquals(Map.of("password", "hush"), only(loaded).values());
        assertFalse(loaded.settings().stream()
                .map(setting -> setting.shown() + "")
                .anyMatch(text -> text.contains("hush")));
        assertFalse(loaded.config().toString().contains("hush"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "extensions.a.verticel=x | unknown key extensions.a.verticel, did you mean extensions.a.verticle?",
                "extensions.a.instances=2 | extensions.a.verticle: has no value, allowed: the name of a class",
                "extensions.a-b.verticle=x.Y | unknown key extensions.a-b.verticle",
                "extensions.A.verticle=x.Y | unknown key extensions.A.verticle",
                "extensions.a=x.Y | is a section",
                "extensions=x.Y | is a section",
                "extensions.a.config.every=1 | unknown key extensions.a.config.every",
            })
    void whatIsNoKeyIsSaid(String set, String said) {
        assertTrue(problem(set).contains(said), problem(set));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verticle=groovy: | is no verticle",
                "verticle=groovy:a.txt | is no verticle",
                "verticle=groovy:.groovy | is no verticle",
                "verticle=a b | is no verticle",
                "verticle=a..B | is no verticle",
                "verticle=a.B. | is no verticle",
                "instances=0 | out of range",
                "instances=65 | out of range",
                "publishes=orders.committed | is Sluice's own",
                "publishes=a,orders.submit | is Sluice's own",
                "publishes=sluice.writer.x.0 | is Sluice's own",
                "publishes=__vertx.reply.1 | is Sluice's own",
                "publishes=a b | is no address",
                "publishes=a, | is no address",
                "config=[1] | is no object",
                "config=x | is no object",
                "config={1: 2} | a name that is no text",
                "config={a: | is no object",
            })
    void aValueThatIsNoneIsSaidOnce(String set, String said) {
        String[] sets = set.startsWith("verticle")
                ? new String[] {"extensions.a." + set}
                : new String[] {"extensions.a.verticle=x.Y", "extensions.a." + set};
        String problem = problem(sets);
        assertTrue(problem.contains(said), problem);
        assertEquals(1, problem.lines().count(), problem);
    }

    @Test
    void aKeyTwiceInOneOfThemIsSaid() {
        ConfigException thrown = assertThrows(ConfigException.class, () -> file("""
                extensions:
                  a:
                    verticle: x.Y
                    verticle: x.Z
                """));
        assertTrue(thrown.problems().get(0).contains("given twice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"extensions:\n", "extensions:\n  a:\n    verticle: x.Y\n    config:\n", "extensions: {}\n"})
    void whatIsEmptyIsNothing(String yaml) throws IOException {
        assertTrue(file(yaml).config().extensions().values().stream()
                .allMatch(config -> config.values().isEmpty()));
    }

    @Test
    void eachOfItsKeysHasAReason() {
        assertEquals(
                List.of("verticle", "instances", "jars", "publishes", "config", "configFile"),
                Schema.keysOf("extensions", "a").stream()
                        .map(KeySpec::component)
                        .toList());
        Schema.keysOf("extensions", "a").forEach(key -> assertNotNull(Schema.find(key.name()), key.name()));
        assertTrue(Arrays.stream(ExtensionConfig.class.getRecordComponents())
                .allMatch(component -> component.getAnnotation(Key.class).why().length() > 10));
    }
}
