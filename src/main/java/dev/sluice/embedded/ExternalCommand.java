package dev.sluice.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a program to its end, within a time limit, its output kept for errors.
 *
 * <p>Output goes to a file rather than a pipe, so that a server that inherits it cannot make us wait. The environment
 * is ours less whatever would change what PostgreSQL does or says (PG*, locale, time zone).
 */
final class ExternalCommand {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalCommand.class);

    private final Path workFolder;
    private final Path outputFile;
    private final List<String> prefix;

    /** @param workFolder where programs run, and so how their processes are recognised later */
    ExternalCommand(Path workFolder) {
        this(workFolder, List.of());
    }

    private ExternalCommand(Path workFolder, List<String> prefix) {
        this.workFolder = workFolder;
        this.prefix = prefix;
        outputFile = workFolder.resolve("command.log");
    }

    /** The same folder, each command behind a prefix that runs it. */
    ExternalCommand behind(List<String> prefix) {
        return new ExternalCommand(workFolder, prefix);
    }

    /** How a program ended. */
    record Result(int exitCode, String output) {}

    /** @throws BundledServerException when it cannot be run, fails or takes longer; the message carries its output */
    Result run(String purpose, List<String> command, String input, Duration limit) {
        Result result = tryRun(purpose, command, input, limit);
        if (result.exitCode() != 0) {
            throw new BundledServerException(purpose + " failed: `" + String.join(" ", prefixed(command))
                    + "` ended with " + result.exitCode() + "\n" + result.output());
        }
        return result;
    }

    /** As {@link #run}, but a failure is a value. */
    Result tryRun(String purpose, List<String> command, String input, Duration limit) {
        List<String> whole = prefixed(command);
        try {
            Process process = builder(whole).start();
            feed(process, input);
            await(purpose, process, limit);
            return new Result(process.exitValue(), output());
        } catch (IOException e) {
            throw new BundledServerException(
                    purpose + " failed: cannot run " + whole.get(0) + ": " + e.getMessage(), e);
        }
    }

    private List<String> prefixed(List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(outputFile.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    private static void feed(Process process, String input) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("the program ended before it read its input; its exit code says why", e);
        }
    }

    private void await(String purpose, Process process, Duration limit) throws IOException {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BundledServerException(
                        purpose + " took longer than " + limit.toSeconds() + " s and was given up\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundledServerException(purpose + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private String output() throws IOException {
        return Files.readString(outputFile, StandardCharsets.ISO_8859_1).strip();
    }
}
