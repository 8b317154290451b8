package dev.sluice.cli;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.KeptFiles;
import dev.sluice.log.LogSetup;
import dev.sluice.tune.ChildConfig;
import dev.sluice.tune.TuneJson;
import dev.sluice.tune.TuneReport;
import dev.sluice.tune.TuneRun;
import dev.sluice.tune.TuneText;
import dev.sluice.tune.TunedFile;
import dev.sluice.tune.search.Budget;
import dev.sluice.tune.search.CoordinateSearch;
import dev.sluice.tune.search.Ladder;
import dev.sluice.tune.search.Slo;
import dev.sluice.tune.search.Tried;
import dev.sluice.tune.search.TuneResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice tune run}: searches the setting that takes the most orders on this machine and keeps an SLO. */
@Command(
        name = "run",
        description =
                "Search instances, connections, batches in flight, batch size and event loops for the setting that"
                        + " takes the most orders within --slo, with nothing lost.",
        footer = {
            "",
            "Starts nodes of its own and loads them. Writes only to a database of its own, which is gone afterwards:",
            "on the configured PostgreSQL, else on a bundled one. Applies nothing: read the file that it writes.",
            "Ctrl-C ends it early and keeps the best so far, with its files: exit 130. 99: no setting met --slo."
        })
final class TuneRunVerb extends Verb implements Callable<Integer> {

    private static final String FILE = "tuned.yaml";

    @Option(
            names = "--slo",
            required = true,
            paramLabel = "SLO",
            description = "e.g. p99=20ms: mean, p50, p90, p99, p99.9 or max")
    Slo slo = new Slo("", "", 1);

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "all of it ends within; 20s at least (default: ${DEFAULT-VALUE})")
    Duration budget = Duration.ZERO;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "256",
            description = "of the load (default: ${DEFAULT-VALUE})")
    int connections;

    @Option(names = "--out", paramLabel = "FILE", description = "the setting (default: conf/tuned.yaml of the project)")
    @Nullable
    Path out;

    @Option(names = "--report", paramLabel = "FILE", description = "one HTML file with plots (default: beside --out)")
    @Nullable
    Path report;

    @Option(names = "--bundled", description = "on a bundled PostgreSQL of its own, though postgres.uri is set")
    boolean bundled;

    @Mixin
    NodeOptions options = new NodeOptions();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        long beganNanos = System.nanoTime();
        requireSensible();
        LoadedConfig loaded = options.load();
        LogSetup.apply(loaded.config().log());
        Path yaml = writable(out == null ? DevVerb.home().resolve("conf").resolve(FILE) : out, "--out");
        Path html = writable(report == null ? besides(yaml) : report, "--report");
        WritableFile.requireAnother("--report", html, "--out", yaml);
        try (Ending ending = new Ending()) {
            return tune(loaded, yaml, html, beganNanos, ending);
        }
    }

    /** Lets a signal reach the run once there is one. */
    private static final class Ending implements AutoCloseable {

        private final Interruption signal = new Interruption(this::stop);
        private volatile boolean stopped;
        private volatile @Nullable TuneRun run;

        private void stop() {
            stopped = true;
            TuneRun running = run;
            if (running != null) {
                running.stop();
            }
        }

        void of(TuneRun running) {
            run = running;
            if (stopped) {
                running.stop();
            }
        }

        @Override
        public void close() {
            signal.close();
        }
    }

    private void requireSensible() {
        if (budget.toMillis() < Budget.TOTAL_MS_MIN) {
            throw new ParameterException(
                    commandLine(),
                    "--budget is " + Budget.TOTAL_MS_MIN / 1_000
                            + "s or more: a node must be warm before it is measured");
        }
        if (connections < 1 || connections > LoadOptions.CONNECTIONS_MAX) {
            throw new ParameterException(commandLine(), "--connections is 1.." + LoadOptions.CONNECTIONS_MAX);
        }
    }

    private static Path besides(Path yaml) {
        String name = String.valueOf(yaml.getFileName());
        return yaml.resolveSibling(name.replaceFirst("\\.ya?ml$", "") + ".html");
    }

    /** Before the run: minutes of load for files that cannot be written are lost. */
    private static Path writable(Path file, String option) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder != null && folder.endsWith("conf") && !Files.exists(folder)) {
            Files.createDirectories(folder);
        }
        WritableFile.require(option, absolute);
        return absolute;
    }

    private int tune(LoadedConfig loaded, Path yaml, Path html, long beganNanos, Ending ending) throws Exception {
        SluiceConfig config = loaded.config();
        Map<String, String> facts = facts();
        TuneResult result;
        Path folder = Files.createTempDirectory("sluice-tune"); // mode 700
        try (TuneStore store = store(loaded)) {
            facts.put("store", store.described());
            int cores = Runtime.getRuntime().availableProcessors();
            Budget parts = Budget.of(budget.toMillis());
            CoordinateSearch search = new CoordinateSearch(
                    slo,
                    new Ladder(cores),
                    ChildConfig.candidate(config, cores),
                    ChildConfig.candidate(SluiceConfig.defaults(), cores),
                    parts);
            TuneRun.Setup setup = new TuneRun.Setup(
                    slo,
                    parts,
                    ChildCommand.ofThisProcess(),
                    folder,
                    new ChildConfig(loaded, store.uri()),
                    store,
                    connections);
            TuneRun run =
                    new TuneRun(setup, search, new TuneProgress(commandLine().getErr(), slo), beganNanos);
            ending.of(run);
            result = run.run();
        } finally {
            KeptFiles.deleteTree(folder);
        }
        return write(result, facts, yaml, html);
    }

    private TuneStore store(LoadedConfig loaded) throws Exception {
        SluiceConfig config = loaded.config();
        return bundled || config.postgres().uri() == null
                ? TuneStore.bundled(loaded, DevVerb.dataDirectory(loaded).resolve("tune"))
                : TuneStore.onConfigured(config.postgres());
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("command", RunFacts.command(commandLine().getParseResult().originalArgs()));
        facts.put("sluice", Version.current() + ", Java " + Runtime.version());
        facts.put("machine", RunFacts.fingerprint() + "; nodes, PostgreSQL and the load share it");
        facts.put(
                "measured",
                "open model, " + connections + " connections, 201 alone counts; no overflow, so that an order which"
                        + " PostgreSQL does not take in time is seen; a 201 is a commit with fsync, full_page_writes"
                        + " and synchronous_commit on");
        return facts;
    }

    /** What minutes of load found is said before a file can fail. */
    private int write(TuneResult result, Map<String, String> facts, Path yaml, Path html) {
        print(result, facts);
        Tried chosen = result.chosen();
        if (chosen != null) {
            WritableFile.write("--out", yaml, TunedFile.of(result, chosen, yaml.toString(), facts));
        }
        if (!result.tried().isEmpty()) {
            WritableFile.write("--report", html, TuneReport.of(result, facts));
        }
        if (chosen != null && !output.json) {
            out().println("written: " + yaml + ", " + html);
        }
        return exitCode(result);
    }

    private void print(TuneResult result, Map<String, String> facts) {
        PrintWriter to = out();
        if (output.json) {
            JsonOption.print(to, TuneJson.of(result, facts));
        } else if (result.chosen() != null) {
            TuneText.verdict(result).forEach(to::println);
            TuneText.knobs(result).forEach(to::println);
            to.flush();
        }
        if (result.chosen() == null) {
            PrintWriter err = commandLine().getErr();
            TuneText.verdict(result).forEach(line -> err.println("sluice: " + line));
            err.flush();
        }
    }

    /** What was found by the end of the budget is a result; what was interrupted is one too, and says so. */
    static int exitCode(TuneResult result) {
        return switch (result.end()) {
            case STOPPED -> ExitCodes.INTERRUPTED;
            case SLO_UNMET -> ExitCodes.THRESHOLD_MISSED;
            case NO_NODE -> ExitCodes.FAILED;
            case SEARCHED, BUDGET_OVER -> result.chosen() == null ? ExitCodes.FAILED : ExitCodes.OK;
        };
    }
}
