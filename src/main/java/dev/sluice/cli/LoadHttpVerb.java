package dev.sluice.cli;

import dev.sluice.load.HtmlReport;
import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.ResultJson;
import dev.sluice.load.ResultText;
import dev.sluice.load.Threshold;
import dev.sluice.load.http.HttpLoad;
import dev.sluice.load.http.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice load http}: sends orders and says what became of them. */
@Command(
        name = "http",
        description = "Send orders over HTTP, at a rate (open model) or as fast as answers come (closed).",
        footer = {"", "A run in which the client itself could not keep up is marked invalid: exit 1."})
final class LoadHttpVerb extends Verb implements Callable<Integer> {

    private static final long PROGRESS_MS = 500;

    @Option(names = "--url", required = true, description = "e.g. http://127.0.0.1:8080")
    Target target = new Target("", 0, "");

    @Mixin
    LoadOptions load = new LoadOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "for an answer; then the connection is given up (default: ${DEFAULT-VALUE})")
    Duration timeout = Duration.ZERO;

    @Option(names = "--header", paramLabel = "LINE", description = "'Name: value', with each request; may be repeated")
    List<String> headers = new ArrayList<>();

    @Option(names = "--history", paramLabel = "FILE", description = "record what is sent and heard, for sluice verify")
    @Nullable
    Path history;

    @Option(names = "--report", paramLabel = "FILE", description = "write one HTML file with plots")
    @Nullable
    Path report;

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() throws Exception {
        LoadSettings settings = load.settings(target.toString());
        LoadResult result = run(new HttpLoad.Options(target, settings, headers, timeout, history));
        List<String> missed = missed(result);
        print(result, missed);
        if (report != null) {
            Files.writeString(report, HtmlReport.of(result, missed));
        }
        if (!missed.isEmpty()) {
            return ExitCodes.THRESHOLD_MISSED;
        }
        return result.invalid() == null ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private LoadResult run(HttpLoad.Options options) throws Exception {
        try (ProgressLine progress = new ProgressLine(commandLine().getErr(), options.settings())) {
            HttpLoad running = HttpLoad.start(options);
            LoadResult result = running.await(PROGRESS_MS);
            while (result == null) {
                progress.show(running.progress());
                result = running.await(PROGRESS_MS);
            }
            return result;
        } catch (FileAlreadyExistsException e) {
            throw new CliException(
                    ExitCodes.FAILED, history + " exists, and a history is never written over: name another file", e);
        } catch (ConnectException | UnknownHostException e) {
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE,
                    "cannot connect to " + target + ": " + e.getMessage() + "; is a node running there? check --url",
                    e);
        } catch (IOException e) {
            throw new CliException(ExitCodes.FAILED, "the run ended early: " + e.getMessage(), e);
        }
    }

    private List<String> missed(LoadResult result) {
        return load.expected.stream()
                .filter(threshold -> !threshold.isMetBy(result))
                .map((Threshold threshold) -> threshold.missedBy(result))
                .toList();
    }

    private void print(LoadResult result, List<String> missed) {
        PrintWriter out = out();
        if (output.json) {
            JsonOption.print(out, ResultJson.of(result, missed));
        } else {
            ResultText.lines(result).forEach(out::println);
        }
        PrintWriter err = commandLine().getErr();
        missed.forEach(line -> err.println("sluice: " + line));
        if (result.invalid() != null) {
            err.println("sluice: invalid run: " + result.invalid());
        }
    }
}
