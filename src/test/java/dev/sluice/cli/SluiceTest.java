package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.KeySpec;
import dev.sluice.config.Schema;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class SluiceTest {

    private static final InputStream STDIN = System.in;

    private record Ran(int code, String out, String err) {}

    /** A verb that reads its document from there would wait for ever. */
    @BeforeAll
    static void stdinIsEmpty() {
        System.setIn(InputStream.nullInputStream());
    }

    @AfterAll
    static void stdinIsAsBefore() {
        System.setIn(STDIN);
    }

    /** Runs one line after the other: it takes much longer to make a command line than to run it. */
    private static final class Lines {

        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private final CommandLine commandLine;

        Lines(Map<String, String> environment) {
            commandLine = Sluice.commandLine(environment, new PrintWriter(out), new PrintWriter(err));
        }

        Ran run(String... args) {
            out.getBuffer().setLength(0);
            err.getBuffer().setLength(0);
            int code = commandLine.execute(args);
            return new Ran(code, out.toString(), err.toString());
        }
    }

    private static Ran sluice(Map<String, String> environment, String... args) {
        return new Lines(environment).run(args);
    }

    private static Ran sluice(String... args) {
        return sluice(Map.of(), args);
    }

    @Test
    void versionAndHelpGoToStdout() {
        assertEquals(new Ran(0, "sluice development\n", ""), sluice("version"));
        assertEquals(new Ran(0, "sluice development\n", ""), sluice("--version"));
        assertEquals("development", new JsonObject(sluice("version", "--json").out).getString("version"));
        Ran help = sluice("--help");
        assertEquals(0, help.code);
        assertTrue(help.out.contains("config") && help.out.contains("Exit codes"), help.out);
        assertTrue(sluice("help", "config").out.startsWith("Usage: sluice config"));
    }

    @Test
    void aMistypedLineIsUsageAndSuggests() {
        assertUsage("sluice: no such verb 'vershun'; did you mean version?\nTry: sluice --help\n", "vershun");
        assertUsage("sluice: no such verb 'shw'; did you mean show?\nTry: sluice config --help\n", "config", "shw");
        assertUsage(
                "sluice: no such option '--http-prt'; did you mean --http-port?\nTry: sluice config check --help\n",
                "config",
                "check",
                "--http-prt",
                "1");
        assertUsage("sluice: no such option '--uri'\nTry: sluice version --help\n", "version", "--uri=u:hush@h");
        assertUsage("sluice: unexpected argument 'x'\nTry: sluice version --help\n", "version", "x");
        assertUsage(
                "sluice: which verb? dev, serve, config, db, key, load, verify, tune, doctor, order, overflow, cluster, dead, version, completion, help\nTry: sluice --help\n");
        assertUsage("sluice: config what? check, show or schema\nTry: sluice config --help\n", "config");
    }

    @Test
    void noVerbRepeatsThePasswordOfAMisplacedUri() {
        Lines lines = new Lines(Map.of());
        for (String line : allVerbs()) {
            for (String uri : List.of("postgresql://u:hush@h/d", "redis://hush@h", "postgresql://u:hu@hush/x@h?d")) {
                for (String argument : List.of(uri, "--postgres-ur=" + uri, "--set=" + uri, "--admin=" + uri)) {
                    Ran ran = lines.run((line + " " + argument).split(" "));
                    assertFalse((ran.out + ran.err).contains("hush"), line + ": " + ran);
                }
            }
        }
    }

    @Test
    void aBrokenUriIsBadConfigurationForEveryVerbThatOpensAStore() {
        Map<String, String> environment = Map.of("SLUICE_POSTGRES_URI", "postgresql://u:50%hush@h:99999/d");
        for (String line : List.of("config check", "serve", "db migrate", "verify --history=/no")) {
            Ran ran = sluice(environment, line.split(" "));
            assertEquals(3, ran.code, ran.err);
            assertFalse(ran.err.contains("hush") || ran.err.contains("internal error"), ran.err);
        }
    }

    @Test
    void helpIsFoundHoweverItIsAskedFor() {
        Lines lines = new Lines(Map.of());
        for (String line : allVerbs()) {
            String help = lines.run((line + " --help").split(" ")).out;
            assertTrue(help.startsWith("Usage: sluice " + line + " "), help);
            assertEquals(new Ran(0, help, ""), lines.run(("help " + line).split(" ")), line);
            assertEquals(new Ran(0, help, ""), lines.run(("--help " + line).split(" ")), line);
        }
        assertEquals(sluice("--help"), sluice("help"));
        assertEquals(sluice("load", "--help", "http"), sluice("load", "http", "-h"));
        assertUsage("sluice: no such verb 'htp'; did you mean http?\nTry: sluice load --help\n", "help", "load", "htp");
        assertUsage("sluice: no such verb 'x'\nTry: sluice version --help\n", "help", "version", "x");
    }

    /** Every verb, with those it stands below: {@code load http}. */
    private static List<String> allVerbs() {
        List<String> lines = new ArrayList<>();
        below(
                Sluice.commandLine(Map.of(), new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())),
                "",
                lines);
        assertTrue(lines.contains("load http") && lines.contains("dead discard"), lines + "");
        return lines;
    }

    private static void below(CommandLine verb, String path, List<String> lines) {
        verb.getSubcommands().forEach((name, below) -> {
            lines.add(path + name);
            below(below, path + name + " ", lines);
        });
    }

    @Test
    void aMisspelledOptionIsNamedBeforeTheOneThatIsMissing() {
        assertUsage(
                "sluice: no such option '--ulr'; did you mean --url?\nTry: sluice load http --help\n",
                "load",
                "http",
                "--rate=max",
                "--ulr",
                "http://h");
        assertUsage(
                "sluice: no such option '--histroy'; did you mean --history?\nTry: sluice verify --help\n",
                "verify",
                "--histroy=f");
        assertUsage("sluice: no such option '-v'; did you mean -V?\nTry: sluice version --help\n", "version", "-v");
    }

    /** Its words would be options, and could be secrets. */
    @Test
    void anArgumentThatBeginsWithAnAtSignIsNoFileOfArguments(@TempDir Path folder) throws IOException {
        Path words = Files.writeString(folder.resolve("words"), "--set=http.port=1");
        assertUsage(
                "sluice: unexpected argument '@" + words + "'\nTry: sluice config check --help\n",
                "config",
                "check",
                "@" + words);
    }

    @Test
    void aValueThatIsNoneIsSaidInPlainWords() {
        Ran number = sluice("dead", "list", "--limit=x");
        assertTrue(
                number.err.startsWith("sluice: Invalid value for option '--limit': 'x' is not a whole number\n"),
                number.err);
        Ran id = sluice("dead", "discard", "x");
        assertTrue(id.err.contains("'x' is not a UUID\n"), id.err);
    }

    /** A value is refused in words of the command line, whatever type it has in the program. */
    @Test
    void noVerbSpeaksOfTypes() {
        int checked = 0;
        for (String line : allVerbs()) {
            CommandLine verb = Sluice.commandLine(
                    Map.of(), new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
            for (String name : line.split(" ", -1)) {
                verb = verb.getSubcommands().get(name);
            }
            for (OptionSpec option : verb.getCommandSpec().options()) {
                Class<?> type = option.auxiliaryTypes()[0];
                if (option.arity().max() > 0 && type != String.class && type != Path.class) {
                    Ran ran = sluice((line + " " + option.longestName() + "=~x").split(" ", -1));
                    assertEquals(ExitCodes.USAGE, ran.code, line + ran);
                    assertTrue(ran.err.contains("~x' is not a"), line + ran);
                    assertFalse(ran.err.contains("java") || ran.err.contains("double"), line + ran);
                    checked++;
                }
            }
        }
        assertTrue(checked > 30, checked + " options");
    }

    @Test
    void aFileIsNamedByTheVariableUnlessTheLineNamesOne(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "http:\n  port: 1\n");
        Path other = Files.writeString(folder.resolve("b.yaml"), "http:\n  port: 2\n");
        Map<String, String> environment = Map.of("SLUICE_CONFIG", file.toString());
        Ran shown = sluice(environment, "config", "show", "--origin");
        assertEquals("", shown.err);
        assertTrue(shown.out.matches("(?s).*http\\.port=1 +" + Pattern.quote(file + ":2:9") + "\n.*"), shown.out);
        assertTrue(
                sluice(environment, "config", "show", "--config=" + other).out.contains("http.port=2\n"));
        assertTrue(sluice(Map.of("SLUICE_CONFIG", ""), "config", "show").out.contains("http.port=8080\n"));
        for (String verb : List.of("config check", "serve", "dev", "db migrate", "overflow status", "dead list")) {
            Ran missing = sluice(Map.of("SLUICE_CONFIG", "/no/such.yaml"), verb.split(" "));
            assertEquals(
                    new Ran(3, "", "sluice: bad configuration: /no/such.yaml: no such file; check SLUICE_CONFIG\n"),
                    missing,
                    verb);
        }
        Ran missing = sluice(environment, "config", "check", "--config=/no/such.yaml");
        assertTrue(missing.err.endsWith("no such file; check --config\n"), missing.err);
    }

    private static void assertUsage(String err, String... args) {
        assertEquals(new Ran(ExitCodes.USAGE, "", err), sluice(args));
    }

    @Test
    void checkSaysOkOrEverythingThatIsWrong(@TempDir Path folder) throws IOException {
        Ran ok = sluice("config", "check", "--set", "http.port=0");
        assertEquals(0, ok.code);
        assertTrue(ok.out.startsWith("ok: 1 of " + Schema.keys().size() + " keys set"), ok.out);

        Path file = Files.writeString(folder.resolve("s.yaml"), "http:\n  prot: 1\n");
        Ran bad = sluice("config", "check", "--config", file.toString(), "--http-port", "x");
        assertEquals(ExitCodes.BAD_CONFIGURATION, bad.code);
        assertEquals("", bad.out);
        assertEquals(
                "sluice: bad configuration, 2 problems:\n  " + file
                        + ":2:9: unknown key http.prot, did you mean http.port?\n"
                        + "  --http-port: http.port: 'x' is not a whole number, allowed: 0..65535\n",
                bad.err);
    }

    @Test
    void checkFindsTwoListenersOnOnePort() {
        Ran ran = sluice("config", "check", "--http-port=9090");
        assertEquals(ExitCodes.BAD_CONFIGURATION, ran.code);
        assertTrue(ran.err.contains("http.port and admin.port are both 9090"), ran.err);
        assertEquals(0, sluice("config", "show", "--http-port=9090").code, "of a client that asks another node");
    }

    @Test
    void checkAnswersInJsonToo() {
        assertTrue(new JsonObject(sluice("config", "check", "--json").out).getBoolean("ok"));
        Ran bad = sluice(Map.of("SLUICE_FOO", "1"), "config", "check", "--json", "--set", "a.b=1");
        assertEquals(ExitCodes.BAD_CONFIGURATION, bad.code);
        JsonObject json = new JsonObject(bad.out);
        assertFalse(json.getBoolean("ok"));
        assertEquals("--set: unknown key a.b", json.getJsonArray("problems").getString(0));
        assertEquals(1, json.getJsonArray("warnings").size());
    }

    @Test
    void showGivesValuesOriginsAndNoSecret() {
        Map<String, String> environment = Map.of(
                "SLUICE_ADMIN_TOKEN",
                "hush",
                "SLUICE_POSTGRES_URI",
                "postgresql://u:hush@h/db",
                "SLUICE_REDIS_URI",
                "redis://u:hush@h");
        String[] flags = {
            "--http-port=1", "--admin-port=2", "--data-dir=/d", "--allow-unsafe-store", "--set=log.level=debug"
        };
        Ran ran = sluice(environment, join("config show --origin", flags));
        assertTrue(ran.out.matches("(?s).*http\\.port=1 +--http-port\n.*"), ran.out);
        assertTrue(ran.out.matches("(?s).*admin\\.port=2 +--admin-port\n.*"), ran.out);
        assertTrue(ran.out.matches("(?s).*admin\\.token=\\*\\*\\* +env SLUICE_ADMIN_TOKEN\n.*"), ran.out);
        assertTrue(ran.out.contains("postgres.uri=postgresql://u:***@h/db"), ran.out);
        assertTrue(ran.out.matches("(?s).*redis\\.uri=redis://u:\\*\\*\\*@h +env SLUICE_REDIS_URI\n.*"), ran.out);
        assertTrue(ran.out.matches("(?s).*store\\.allowUnsafe=true +--allow-unsafe-store\n.*"), ran.out);
        JsonObject json = new JsonObject(sluice(environment, join("config show --json", flags)).out);
        assertEquals(1, json.getInteger("http.port"));
        assertEquals("debug", json.getString("log.level"));
        assertEquals("/d", json.getString("data.dir"));
        assertFalse(json.encode().contains("hush"));
        JsonObject origins = new JsonObject(sluice("config", "show", "--json", "--origin").out);
        assertEquals("default", origins.getJsonObject("data.dir").getString("origin"));
    }

    private static String[] join(String verb, String... flags) {
        return Stream.concat(Pattern.compile(" ").splitAsStream(verb), Stream.of(flags))
                .toArray(String[]::new);
    }

    @Test
    void aForeignVariableWarnsOnStderr() {
        Ran ran = sluice(Map.of("SLUICE_FOO", "1"), "config", "show");
        assertEquals(0, ran.code);
        assertEquals("sluice: warning: env SLUICE_FOO is no setting and is ignored\n", ran.err);
    }

    @Test
    void schemaIsTheReferenceAndAJsonSchemaOfTheSameKeys() throws IOException {
        assertEquals(
                Files.readString(Path.of("conf/sluice.yaml")),
                sluice("config", "schema").out,
                "conf/sluice.yaml differs from the records: scripts/sluice config schema > conf/sluice.yaml");
        JsonObject sections = new JsonObject(sluice("config", "schema", "--json").out).getJsonObject("properties");
        Set<String> names = new TreeSet<>();
        keys("", sections, names);
        assertEquals(Schema.keys().stream().map(KeySpec::name).collect(Collectors.toCollection(TreeSet::new)), names);
        JsonObject shown = new JsonObject(sluice("config", "show", "--json").out);
        names.forEach(name -> assertEquals(shown.getValue(name), defaultOf(sections, name), name));
    }

    private static void keys(String section, JsonObject properties, Set<String> names) {
        for (String name : properties.fieldNames()) {
            JsonObject inner = properties.getJsonObject(name).getJsonObject("properties");
            if (inner == null) {
                names.add(section + name);
            } else {
                keys(section + name + ".", inner, names);
            }
        }
    }

    private static Object defaultOf(JsonObject sections, String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? sections.getJsonObject(name).getValue("default")
                : defaultOf(
                        sections.getJsonObject(name.substring(0, dot)).getJsonObject("properties"),
                        name.substring(dot + 1));
    }

    @Test
    void loadAndVerifySayWhatIsWrongWithALine() {
        assertUsage("sluice: load what? http or bus\nTry: sluice load --help\n", "load");
        assertLoadUsage("Missing required option: '--url=URL'");
        String url = "--url=http://127.0.0.1:1";
        assertLoadUsage("--rate is orders a second, or max, not 'fast'", url, "--rate=fast");
        assertLoadUsage("--batch is 1 to 10000", url, "--batch=10001");
        assertLoadUsage("--replay-share and --invalid-share are 1 at most together", url, "--replay-share=1.1");
        assertLoadUsage("is not a duration such as 60s", url, "--duration=60");
        assertLoadUsage("is not an expectation such as p99<20ms", url, "--expect=fast");
        assertLoadUsage("is not a URL such as http://127.0.0.1:8080", "--url=ftp://h");
        assertLoadUsage("'http://***@h:1' is not a URL", "--url=http://u:hush@h:1");
        assertLoadUsage("--timeout is above 0", url, "--timeout=0s");
        assertLoadUsage("is longer than 36500d", url, "--duration=999999999h");
        Ran refused = sluice("load", "http", url, "--duration=1s");
        assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, refused.code);
        assertTrue(refused.err.contains("check --url"), refused.err);
    }

    private static void assertLoadUsage(String message, String... flags) {
        Ran ran = sluice(
                Stream.concat(Stream.of("load", "http"), Stream.of(flags)).toArray(String[]::new));
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertTrue(ran.err.contains(message), ran.err);
    }

    @Test
    void completionIsABashScript() {
        Ran ran = sluice("completion");
        assertEquals(0, ran.code);
        assertTrue(ran.out.startsWith("#!/usr/bin/env bash"), ran.out);
        assertTrue(ran.out.contains("--allow-unsafe-store"));
    }
}
