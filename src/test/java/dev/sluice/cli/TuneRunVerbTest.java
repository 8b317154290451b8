package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.TestPostgres;
import dev.sluice.tune.TuneText;
import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.Slo;
import dev.sluice.tune.search.TuneResult;
import dev.sluice.tune.search.TuneResult.End;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice tune run} with nodes of its own on a real PostgreSQL. The bound is one that any machine keeps. */
@Tag("process")
@Timeout(180)
class TuneRunVerbTest {

    private static final String EASY = "--slo=p50=30s";

    @TempDir
    Path folder;

    private final String database = TestPostgres.freshDatabase();

    private record Ran(int code, String out, String err) {}

    private Ran tune(String... flags) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> line = new ArrayList<>(List.of("tune", "run", "--out=" + folder.resolve("tuned.yaml")));
        line.addAll(List.of(flags));
        int code = Sluice.commandLine(
                        Map.of("SLUICE_POSTGRES_URI", database), new PrintWriter(out), new PrintWriter(err))
                .execute(line.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private String scratchDatabases() {
        return TestPostgres.queryText(
                database, "select count(*)::text from pg_database where datname like 'sluice\\_tune\\_%'");
    }

    @Test
    void itFindsASettingWithinItsBudgetAndTouchesNothingOfTheUsers() throws Exception {
        TestPostgres.execute(database, "create table orders (id int)");
        Ran ran = tune("--budget=35s", EASY, "--connections=8", "--json");
        assertEquals(0, ran.code, ran.err);
        JsonObject json = new JsonObject(ran.out);
        assertTrue(json.getDouble("perSecond") > 0, ran.out);
        assertTrue(json.getJsonObject("chosen").containsKey("node.eventLoops"), ran.out);
        Ran checked = checked();
        assertEquals(0, checked.code, checked.err);
        assertTrue(Files.readString(folder.resolve("tuned.html")).contains("vert.x-eventloop-thread-"));
        assertTrue(ran.err.contains(" left, where to start, http.instances="), ran.err);
        assertFalse(ran.err.contains("the node ended"), ran.err);
        assertEquals("0", TestPostgres.queryText(database, "select count(*)::text from orders"));
        assertEquals("0", scratchDatabases());
    }

    private Ran checked() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Sluice.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .execute("config", "check", "--config=" + folder.resolve("tuned.yaml"));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void aSignalKeepsTheBestSoFarAndLeavesNothingBehind() throws Exception {
        Path yaml = folder.resolve("best.yaml");
        NodeProcess.Manner manner =
                new NodeProcess.Manner(List.of(), List.of(), Map.of("SLUICE_POSTGRES_URI", database));
        try (NodeProcess run = NodeProcess.run(
                folder, manner, "tune", "run", EASY, "--budget=2m", "--connections=8", "--out=" + yaml)) {
            Await.until("a rate that was met", () -> run.errors().contains(": met, "));
            run.signal("INT");
            assertEquals(ExitCodes.INTERRUPTED, run.awaitExit(30), run.errors());
            assertTrue(run.banner().contains("Interrupted: this is the best"), run.banner() + run.errors());
        }
        assertTrue(Files.readString(yaml).contains("instances: "));
        assertTrue(Files.exists(folder.resolve("best.html")));
        assertEquals("0", scratchDatabases());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--budget=19s", "--budget=5", "--connections=0", "--slo=p99", "--slo=p98=1ms"})
    void aWrongLineIsSaidAtOnce(String flag) {
        Ran ran = flag.startsWith("--slo") ? tune(flag) : tune(EASY, flag);
        assertEquals(ExitCodes.USAGE, ran.code, ran.err);
        assertEquals("", ran.out);
    }

    @Test
    void whereItWritesIsLookedAtBeforeTheRun() {
        Ran ran = tune(EASY, "--report=" + folder.resolve("no/such/report.html"));
        assertEquals(ExitCodes.FAILED, ran.code);
        assertTrue(ran.err.contains("its folder does not exist; name another file"), ran.err);
    }

    @Test
    void aRoleThatMayMakeNoDatabaseIsToldWhatMendsIt() {
        TestPostgres.execute(database, "create role tune_least login password 'tune_least'");
        try {
            String uri = database.replaceFirst("//[^@]*@", "//tune_least:tune_least@");
            Ran ran = tune(EASY, "--set=postgres.uri=" + uri);
            assertEquals(ExitCodes.FAILED, ran.code, ran.err);
            assertTrue(ran.err.contains("alter role tune_least createdb"), ran.err);
            assertTrue(ran.err.contains("--bundled"), ran.err);
        } finally {
            TestPostgres.execute(database, "drop role tune_least");
        }
    }

    @Test
    void aServerThatIsAwayIsADependencyThatCannotBeReached() {
        Ran ran = tune(EASY, "--set=postgres.uri=postgresql://u:p@127.0.0.1:1/d");
        assertEquals(ExitCodes.DEPENDENCY_UNREACHABLE, ran.code, ran.err);
        assertTrue(ran.err.contains("postgres.uri"), ran.err);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void everyEndHasItsExitCode(End end) {
        Candidate candidate = Candidate.of(1, 1, 1, 1, 1, 1);
        TuneResult result = new TuneResult(end, Slo.parse("p99=1s"), null, 0.1, List.of(), candidate, candidate);
        int expected = switch (end) {
            case STOPPED -> 130;
            case SLO_UNMET -> 99;
            case NO_NODE, SEARCHED, BUDGET_OVER -> 1;
        };
        assertEquals(expected, TuneRunVerb.exitCode(result));
        assertFalse(TuneText.verdict(result).isEmpty(), "it is said why");
    }
}
