package dev.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.value.Secret;
import dev.sluice.config.value.StoreUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    private static final String ENV = "SLUICE_HTTP_PORT";
    private static final ConfigSources.Flag FLAG = new ConfigSources.Flag("--http-port", "http.port", "5");

    @TempDir
    Path folder;

    @Test
    void eachLayerIsStrongerThanTheOneBefore() throws IOException {
        Path file = file("http:\n  port: 2\n");
        assertPort(8080, "default", new ConfigSources(null, Map.of(), List.of(), List.of()));
        assertPort(2, file + ":2:9", new ConfigSources(file, Map.of(), List.of(), List.of()));
        assertPort(3, "env " + ENV, new ConfigSources(file, Map.of(ENV, "3"), List.of(), List.of()));
        List<String> sets = List.of("http.port=9", "http.port=4");
        assertPort(4, "--set", new ConfigSources(file, Map.of(ENV, "3"), sets, List.of()));
        assertPort(5, "--http-port", new ConfigSources(file, Map.of(ENV, "3"), sets, List.of(FLAG)));
    }

    private static void assertPort(int port, String place, ConfigSources sources) {
        LoadedConfig loaded = ConfigLoader.load(sources);
        assertEquals(port, loaded.config().http().port());
        assertEquals(place, setting(loaded, "http.port").origin().place());
    }

    @Test
    void everyTypeIsRead() {
        SluiceConfig config = SluiceConfig.of(
                "http.serverTiming=true",
                "http.instances=2x",
                "log.format=json",
                "writer.bufferBytesMax=17179869184",
                "data.dir=/var/lib/sluice",
                "admin.token=a=b");
        assertTrue(config.http().serverTiming());
        assertEquals(8, config.http().instances().resolve(4));
        assertEquals(LogConfig.Format.JSON, config.log().format());
        assertEquals(17_179_869_184L, config.writer().bufferBytesMax());
        assertEquals(Path.of("/var/lib/sluice"), config.data().dir());
        assertEquals(new Secret("a=b"), config.admin().token());
    }

    @Test
    void aKeyMayBeWrittenDottedOrQuoted() throws IOException {
        Path file = file("http.port: \"81\"\nhttp: {host: '127.0.0.2'}\n");
        SluiceConfig config = ConfigLoader.load(onlyFile(file)).config();
        assertEquals(81, config.http().port());
        assertEquals("127.0.0.2", config.http().host());
    }

    @Test
    void anEmptyFileAndEmptySectionsChangeNothing() throws IOException {
        assertEquals(
                SluiceConfig.defaults(), ConfigLoader.load(onlyFile(file(""))).config());
        assertEquals(
                SluiceConfig.defaults(),
                ConfigLoader.load(onlyFile(file("# nothing\nhttp:\n"))).config());
    }

    @Test
    void aNullableKeyMayBeLeftEmptyAndOthersMayNot() throws IOException {
        Path file = file("admin:\n  token:\nhttp:\n  port: null\n");
        assertProblems(onlyFile(file), file + ":4:3: http.port: has no value, allowed: 0..65535");
        assertNull(SluiceConfig.of("admin.token=x", "admin.token=").admin().token());
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestName() throws IOException {
        Path file = file("http:\n  prot: 1\nwriter:\n  batch_max: 1\nzebra: 1\n");
        assertProblems(
                onlyFile(file),
                file + ":2:9: unknown key http.prot, did you mean http.port?",
                file + ":4:14: unknown key writer.batch_max, did you mean writer.batchMax?",
                file + ":5:8: unknown key zebra");
        assertProblems(
                ConfigSources.ofSets("batchMax=1", "http=1"),
                "--set: unknown key batchMax, did you mean writer.batchMax?",
                "--set: http is a section, its keys go below it");
    }

    @Test
    void allProblemsAreReportedTogetherEachWhereItIs() throws IOException {
        Path file = file("http:\n  port: many\nlog:\n  level: loud\nbus:\n  deadlineMs: [1]\n");
        ConfigSources sources =
                new ConfigSources(file, Map.of("SLUICE_WRITER_BATCH_MAX", "0"), List.of("nonsense"), List.of());
        assertProblems(
                sources,
                file + ":6:15: bus.deadlineMs takes one value, not a list",
                file + ":2:9: http.port: 'many' is not a whole number, allowed: 0..65535",
                file + ":4:10: log.level: 'loud' is none of them, allowed: error, warn, info, debug, trace",
                "env SLUICE_WRITER_BATCH_MAX: writer.batchMax: 0 is out of range, allowed: 1..10000 orders",
                "--set takes key=value, not 'nonsense'");
    }

    @Test
    void aKeyOrSectionGivenTwiceIsRefused() throws IOException {
        Path file = file("http:\n  port: 1\n  port: 2\nhttp:\n  host: a\nhttp.port: 3\n");
        assertProblems(
                onlyFile(file),
                file + ":3:3: http.port is given twice, first at " + file + ":2:3",
                file + ":4:1: http is given twice, first at " + file + ":1:1",
                file + ":6:12: http.port is given twice, first at " + file + ":2:9");
    }

    @Test
    void aFileThatIsNoMappingOrNoYamlSaysWhere() throws IOException {
        Path list = file("- http\n");
        assertProblems(onlyFile(list), list + ":1:1: the file must be a mapping of sections, such as `http:`");
        Path broken = file("http:\n\tport: 1\n");
        assertTrue(problems(onlyFile(broken)).get(0).startsWith(broken + ":2:1: is not YAML: found character"));
        Path missing = folder.resolve("missing.yaml");
        assertProblems(onlyFile(missing), missing + ": no such file; check --config");
        Path latin = folder.resolve("latin.yaml");
        Files.write(latin, "http: {host: M\u00fcller}".getBytes(StandardCharsets.ISO_8859_1));
        assertProblems(onlyFile(latin), latin + ": is not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "writter: {} | :1:10: unknown key writter",
                "zebra: [1] | :1:8: unknown key zebra",
                "http: {port: {}} | :1:14: http.port takes one value, not a section",
                "http: {port: {a: 1}} | :1:14: http.port takes one value, not a section",
                "http: [] | :1:7: http is a section, its keys go below it",
                "http: {port: [1]} | :1:14: http.port takes one value, not a list",
                "http: {allowedHosts: [a, b]} | :1:22: http.allowedHosts takes one value, not a list; where it names several, commas between: a,b",
                "admin: {token: !env TOKEN} | :1:16: admin.token has the tag !env, which Sluice does not read; write the",
                "http: !include http.yaml | :1:7: http has the tag !include, which Sluice does not read; write the",
                "http: &h {port: 1, x: *h} | :1:7: what stands here contains itself; write it without &anchor and *alias",
            })
    void whatIsNoValueIsRefusedWhereItStands(String yaml, String expected) throws IOException {
        Path file = file(yaml + "\n");
        List<String> problems = problems(onlyFile(file));
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).startsWith(file + expected), problems.toString());
    }

    @Test
    void aFileThatContainsItselfOrDoesNotEndIsRefused() throws IOException {
        Path itself = file("&all\nhttp: {port: 1}\nadmin: *all\n");
        assertTrue(problems(onlyFile(itself)).get(0).contains("contains itself"));
        Path large = file("#".repeat(1 << 20) + "\n");
        assertProblems(onlyFile(large), large + ": cannot be read: it is larger than 1 MiB; check --config");
    }

    /** As editors on other systems write it. */
    @ParameterizedTest
    @ValueSource(strings = {"\uFEFFhttp:\n  port: 81\n", "http:\r\n  port: 81\r\n", "---\nhttp:\n  port: 81\n...\n"})
    void anotherSpellingOfTheSameFileIsTaken(String yaml) throws IOException {
        assertEquals(81, ConfigLoader.load(onlyFile(file(yaml))).config().http().port());
    }

    /** A line end of Windows in a file of variables is seen, and reaches no terminal. */
    @Test
    void whatCannotBeSeenIsShown() {
        Map<String, String> environment = Map.of(ENV, "81\r");
        assertProblems(
                new ConfigSources(null, environment, List.of(), List.of()),
                "env SLUICE_HTTP_PORT: http.port: '81\\u000d' is not a whole number, allowed: 0..65535");
    }

    @Test
    void aForeignVariableOnlyWarns() {
        Map<String, String> environment =
                Map.of("SLUICE_HTTP_PROT", "1", "SLUICE_SERVICE_HOST", "10.0.0.1", "PATH", "/bin");
        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(null, environment, List.of(), List.of()));
        assertEquals(
                List.of(
                        "env SLUICE_HTTP_PROT is no setting and is ignored, did you mean SLUICE_HTTP_PORT?",
                        "env SLUICE_SERVICE_HOST is no setting and is ignored, did you mean SLUICE_BRIDGE_HOST?"),
                loaded.warnings());
    }

    @Test
    void theVariablesOfTheScriptsDoNotWarn() throws IOException {
        Map<String, String> environment = Map.of(
                "SLUICE_JAVA_OPTS",
                "-Xmx1g",
                "SLUICE_OFFLINE",
                "1",
                "SLUICE_BUILDING",
                "1",
                "SLUICE_CLASS_ARCHIVE",
                "off");
        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(null, environment, List.of(), List.of()));
        assertEquals(List.of(), loaded.warnings());
        for (String script : List.of("run", "sluice", "test")) {
            Pattern.compile("SLUICE_[A-Z_]+")
                    .matcher(Files.readString(Path.of("scripts", script)))
                    .results()
                    .map(MatchResult::group)
                    .forEach(name -> assertTrue(environment.containsKey(name), name + " is for the script alone"));
        }
    }

    @Test
    void redisIsGivenByItsVariable() {
        Map<String, String> environment = Map.of("SLUICE_REDIS_URI", "redis://h", "SLUICE_OVERFLOW_PARTITIONS", "4");
        LoadedConfig loaded = ConfigLoader.load(new ConfigSources(null, environment, List.of(), List.of()));
        assertEquals(StoreUri.redis("redis://h"), loaded.config().redis().uri());
        assertEquals(4, loaded.config().overflow().partitions());
    }

    @Test
    void aVariableThatKubernetesInjectsIsExplained() {
        Map<String, String> environment = Map.of(ENV, "tcp://10.0.0.1:8080");
        String problem = problems(new ConfigSources(null, environment, List.of(), List.of()))
                .get(0);
        assertTrue(problem.contains("enableServiceLinks: false"), problem);
    }

    @Test
    void serveHearsHowToGiveTheUri() {
        PostgresConfig postgres = SluiceConfig.defaults().postgres();
        ConfigException thrown = assertThrows(ConfigException.class, postgres::requiredUri);
        assertTrue(thrown.getMessage().contains("SLUICE_POSTGRES_URI"), thrown.getMessage());
    }

    private static void assertProblems(ConfigSources sources, String... expected) {
        assertEquals(List.of(expected), problems(sources));
    }

    private static List<String> problems(ConfigSources sources) {
        return assertThrows(ConfigException.class, () -> ConfigLoader.load(sources))
                .problems();
    }

    private static Setting setting(LoadedConfig loaded, String name) {
        return loaded.settings().stream()
                .filter(setting -> setting.key().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ConfigSources onlyFile(Path file) {
        return new ConfigSources(file, Map.of(), List.of(), List.of());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "c", ".yaml"), yaml);
    }
}
