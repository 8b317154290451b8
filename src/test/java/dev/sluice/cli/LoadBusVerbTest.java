package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.TestConfig;
import dev.sluice.log.LogSetup;
import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.Commands;
import dev.sluice.rig.Node;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice load bus} against a node of a cluster, and {@code sluice verify} of what it recorded. */
@Tag("process")
@Timeout(180)
class LoadBusVerbTest {

    @TempDir
    static Path folder;

    private static ClusterRig rig;
    private static Node node;

    @BeforeAll
    static void start() {
        rig = new ClusterRig(2);
        node = Node.start(rig.database(), rig.settings(0, Role.BOTH, "shutdown.graceMs=0"));
    }

    @AfterAll
    static void stop() {
        node.close();
        rig.close();
        LogSetup.apply(TestConfig.of().log()); // the verb is quieter than a node
    }

    private record Ran(int code, String out, String err) {

        JsonObject json() {
            return new JsonObject(out);
        }

        /** A busy machine may make a run invalid; then its figures still stand. */
        void assertRan() {
            assertEquals(err.contains("invalid run") ? 1 : 0, code, err);
        }
    }

    private static Ran sluice(List<String> line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .execute(line.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    /** With the very configuration of the node: its ports are taken, so any others are. */
    private static List<String> busLine(String... flags) {
        List<String> line = new ArrayList<>(List.of("load", "bus", "--warmup=200ms", "--connections=8"));
        for (String key : rig.settings(0, Role.BOTH)) {
            line.add("--set=" + key);
        }
        line.addAll(List.of(flags));
        return line;
    }

    private static Ran bus(String... flags) {
        return sluice(busLine(flags));
    }

    private static JsonObject verified(Path history) {
        Ran verified = sluice(List.of(
                "verify",
                "--history=" + history,
                "--postgres-uri=" + rig.database(),
                "--redis-uri=" + rig.redis().uri(),
                "--json"));
        assertEquals(0, verified.code, verified.out + verified.err);
        return verified.json();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void whatIsRecordedIsStored(int batch) {
        Path history = folder.resolve("history" + batch);
        Ran ran = bus(
                "--duration=1s",
                "--rate=1000",
                "--batch=" + batch,
                "--account=shop-1",
                "--replay-share=0.2",
                "--invalid-share=0.1",
                "--history=" + history,
                "--json");
        ran.assertRan();
        JsonObject counts = ran.json().getJsonObject("counts");
        int offered = counts.getInteger("offered");
        assertEquals(1_000, offered + counts.getInteger("skipped"), ran.out);
        assertEquals(offered, counts.getInteger("acknowledged") + counts.getInteger("refused"), ran.out);
        assertTrue(counts.getInteger("refused") > 0 && counts.getInteger("replayed") > 0, ran.out);
        JsonObject verdict = verified(history);
        assertTrue(verdict.getBoolean("clean"), verdict.encode());
        assertTrue(verdict.getInteger("rows") > 0, verdict.encode());
    }

    /** A program that reads the one reads the other. */
    @Test
    void theResultHasTheShapeOfLoadHttp() {
        String[] flags = {"--duration=1s", "--rate=200", "--json"};
        Ran ran = bus(flags);
        ran.assertRan();
        List<String> http = new ArrayList<>(
                List.of("load", "http", "--url=http://127.0.0.1:" + node.port(), "--warmup=200ms", "--connections=8"));
        http.addAll(List.of(flags));
        assertEquals(shape(sluice(http).json()), shape(ran.json()));
        JsonObject settings = ran.json().getJsonObject("settings");
        assertEquals("orders.submit of cluster sluice", settings.getString("target"));
        assertEquals("open", settings.getString("model"));
    }

    /** The names of all members, those of objects within with dots; answers are named by what was heard. */
    private static Set<String> shape(JsonObject result) {
        result.remove("invalid");
        Set<String> names = new TreeSet<>();
        result.forEach(member -> {
            names.add(member.getKey());
            if (member.getValue() instanceof JsonObject inside
                    && !member.getKey().equals("answers")) {
                inside.fieldNames().forEach(name -> names.add(member.getKey() + "." + name));
            }
        });
        return names;
    }

    @Test
    void aMissedExpectationIsExit99AndTheReportNamesTheMembers() throws Exception {
        Path report = folder.resolve("r.html");
        Ran missed = bus("--duration=600ms", "--rate=20", "--expect=rate>=1000000", "--report=" + report);
        assertTrue(missed.err.contains("sluice: expected rate>=1000000, was "), missed.err);
        assertEquals(missed.err.contains("invalid run") ? 1 : 99, missed.code, missed.err);
        String page = Files.readString(report);
        assertTrue(page.contains("members 127.0.0.1:" + node.adminPort() + " (test)"), page);
        assertTrue(page.contains("--set=***"), page);
    }

    @Test
    void aMemberThatIsNotThereIsExit4() {
        Ran ran = bus("--set=cluster.name=another", "--duration=1s");
        assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, ran.code, ran.err);
        assertTrue(ran.err.startsWith("sluice: no member of cluster 'another' was found (cluster.members "), ran.err);
        assertEquals(1, ran.err.lines().count(), ran.err);
    }

    @Test
    void whatIsWrongWithALineIsSaid() {
        Ran rate = bus("--rate=fast");
        assertEquals(ExitCodes.USAGE, rate.code);
        Ran account = bus("--account=a b");
        assertEquals(ExitCodes.USAGE, account.code, account.err);
        assertTrue(account.err.contains("'a b' is no account: 1 to 64 of"), account.err);
        Ran members = bus("--set=cluster.members=;");
        assertEquals(ExitCodes.BAD_CONFIGURATION, members.code, members.err);
        Ran history = bus("--history=" + folder + "/no/h");
        assertEquals(ExitCodes.FAILED, history.code, history.err);
        assertTrue(history.err.contains("name another file"), history.err);
    }

    @Test
    void aSignalEndsARunInOrder() throws Exception {
        Path history = folder.resolve("interrupted");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sluice.class.getName()));
        command.addAll(busLine("--duration=1h", "--rate=50", "--json", "--history=" + history));
        Process run = new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            Await.until(
                    "some orders",
                    () -> Files.exists(history) && Files.readAllLines(history).size() >= 20);
            Commands.signal("TERM", List.of(run.pid()));
            JsonObject result = new JsonObject(new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(run.waitFor(60, TimeUnit.SECONDS));
            assertEquals(ExitCodes.INTERRUPTED, run.exitValue(), Files.readString(folder.resolve("err")));
            assertTrue(result.getBoolean("interrupted"));
            assertTrue(verified(history).getBoolean("clean"));
        } finally {
            run.destroyForcibly();
        }
    }
}
