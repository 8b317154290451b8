package dev.sluice.cli;

import dev.sluice.load.HtmlReport;
import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.ResultJson;
import dev.sluice.load.ResultText;
import dev.sluice.load.Threshold.Judgement;
import dev.sluice.load.run.RunningLoad;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the verbs of {@code sluice load} share: a run, its summary, history and report, and what the shell is told. */
abstract class LoadRunVerb extends Verb implements Callable<Integer> {

    private static final long PROGRESS_MS = 500;

    @Mixin
    LoadOptions load = new LoadOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "for an answer; then the request is given up (default: ${DEFAULT-VALUE})")
    Duration timeout = Duration.ZERO;

    @Option(names = "--history", paramLabel = "FILE", description = "record what is sent and heard, for sluice verify")
    @Nullable
    Path history;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "write one HTML file with plots; what it says of the node comes from the admin listener")
    @Nullable
    Path report;

    @Mixin
    AdminClient node = new AdminClient();

    @Mixin
    JsonOption output = new JsonOption();

    /** Where orders go, for the reader of a result. */
    abstract String target();

    /** Begins the run. */
    abstract RunningLoad start(LoadSettings settings) throws IOException;

    /** What to say where no node can be reached. */
    abstract String unreachable(ConnectException error);

    /** What a report says of the node, or nodes, that took the orders. */
    abstract String nodeFact();

    @Override
    public Integer call() throws Exception {
        if (timeout.isZero()) {
            throw new ParameterException(commandLine(), "--timeout is above 0");
        }
        LoadSettings settings = load.settings(target());
        if (report != null) {
            WritableFile.require("--report", report);
            WritableFile.requireAnother("--report", report, "--history", history);
        }
        RunningLoad running = begin(settings);
        Interruption signal = new Interruption(running::interrupt);
        try {
            LoadResult result = result(running, settings);
            List<Judgement> judged = load.expected.stream()
                    .map(threshold -> threshold.judge(result))
                    .toList();
            print(result, judged);
            write(result, judged);
            boolean met = judged.stream().allMatch(Judgement::met);
            return exitCode(result.interrupted(), result.invalid() != null, met);
        } finally {
            signal.close();
        }
    }

    private RunningLoad begin(LoadSettings settings) throws IOException {
        try {
            return start(settings);
        } catch (FileAlreadyExistsException e) {
            throw new CliException(
                    ExitCodes.FAILED, history + " exists, and a history is never written over: name another file", e);
        } catch (FileSystemException e) {
            String why = e instanceof NoSuchFileException ? "its folder does not exist" : "cannot be written there";
            throw new CliException(ExitCodes.FAILED, "--history " + history + ": " + why + "; name another file", e);
        }
    }

    private LoadResult result(RunningLoad running, LoadSettings settings) throws Exception {
        try (ProgressLine progress = new ProgressLine(commandLine().getErr(), settings)) {
            LoadResult result = running.await(PROGRESS_MS);
            while (result == null) {
                progress.show(running.progress());
                result = running.await(PROGRESS_MS);
            }
            return result;
        } catch (CancellationException e) {
            throw new CliException(ExitCodes.INTERRUPTED, String.valueOf(e.getMessage()), e);
        } catch (ConnectException e) {
            throw new CliException(ExitCodes.DEPENDENCY_UNREACHABLE, unreachable(e), e);
        } catch (IOException | UncheckedIOException e) {
            throw new CliException(ExitCodes.FAILED, "the run ended early: " + e.getMessage(), e);
        }
    }

    private void print(LoadResult result, List<Judgement> judged) {
        PrintWriter out = out();
        if (output.json) {
            JsonOption.print(out, ResultJson.of(result, judged));
        } else {
            ResultText.lines(result).forEach(out::println);
        }
        out.flush();
        PrintWriter err = commandLine().getErr();
        judged.stream().filter(one -> !one.met()).forEach(one -> err.println("sluice: " + one.line()));
        if (result.invalid() != null) {
            err.println("sluice: invalid run: " + result.invalid());
        }
        if (result.interrupted()) {
            err.println("sluice: interrupted: the figures are those of what ran");
        }
        err.flush();
    }

    private void write(LoadResult result, List<Judgement> judged) {
        if (report == null) {
            return;
        }
        List<String> line = commandLine().getParseResult().originalArgs();
        WritableFile.write("--report", report, HtmlReport.of(result, judged, RunFacts.of(line, nodeFact())));
    }

    /** An invalid run measured the client: whether its figures meet an expectation says nothing. */
    static int exitCode(boolean interrupted, boolean invalid, boolean met) {
        if (interrupted) {
            return ExitCodes.INTERRUPTED;
        }
        if (invalid) {
            return ExitCodes.FAILED;
        }
        return met ? ExitCodes.OK : ExitCodes.THRESHOLD_MISSED;
    }
}
