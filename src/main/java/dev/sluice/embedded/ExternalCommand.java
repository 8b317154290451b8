package dev.sluice.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    /** @param workFolder where programs run, and so how their processes are recognised later */
    ExternalCommand(Path workFolder) {
        this.workFolder = workFolder;
        this.outputFile = workFolder.resolve("command.log");
    }

    /** How a program ended. */
    record Result(int exitCode, String output) {}

    /** @throws BundledServerException when it cannot be run, fails or takes longer; the message carries its output */
    void run(String purpose, List<String> command, String input, Duration limit) {
        Result result = tryRun(purpose, command, input, limit);
        if (result.exitCode() != 0) {
            throw new BundledServerException(purpose + " failed: `" + String.join(" ", command) + "` ended with "
                    + result.exitCode() + "\n" + result.output());
        }
    }

    /** As {@link #run}, but a failure is a value. */
    Result tryRun(String purpose, List<String> command, String input, Duration limit) {
        try {
            Process process = builder(command).start();
            feed(process, input);
            await(purpose, process, limit);
            return new Result(process.exitValue(), output());
        } catch (IOException e) {
            throw new BundledServerException(
                    purpose + " failed: cannot run " + command.get(0) + ": " + e.getMessage(), e);
        }
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
        boolean ended = false;
        try {
            ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundledServerException(purpose + " was interrupted", e);
        } finally {
            if (!ended) {
                process.destroyForcibly();
            }
        }
        if (!ended) {
            throw new BundledServerException(
                    purpose + " took longer than " + limit.toSeconds() + " s and was given up\n" + output());
        }
    }

    private String output() throws IOException {
        return Files.readString(outputFile, StandardCharsets.ISO_8859_1).strip();
    }
}
