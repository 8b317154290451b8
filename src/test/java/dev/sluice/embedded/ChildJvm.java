package dev.sluice.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM that holds a data directory, to be killed: prints {@code lines} and then waits for the end of its input.
 * {@code serve} starts PostgreSQL (first line its URI, second the postmaster's process id, third milliseconds to
 * start), {@code redis} starts Redis likewise, {@code lock} only takes the directory (first line {@code locked}). A
 * refusal is one line too.
 */
final class ChildJvm implements AutoCloseable {

    private static final long END_LIMIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param prefix what runs it, for instance as another user */
    static ChildJvm start(List<String> prefix, String classPath, String verb, Path dataDir) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                ChildJvm.class.getName(),
                verb,
                dataDir.toString()));
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    static ChildJvm start(String verb, Path dataDir) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), verb, dataDir);
    }

    /** The next line that is not a log line. */
    String line() throws IOException {
        return String.valueOf(output.readLine());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets it close what it has and end. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws IOException {
        var standardOutput = System.out;
        System.setOut(System.err); // where the log goes
        try (DataDirectory directory = DataDirectory.open(Path.of(arguments[1]))) {
            if (arguments[0].equals("lock")) {
                standardOutput.println("locked");
                awaitEndOfInput();
            } else if (arguments[0].equals("redis")) {
                try (BundledRedis server = BundledRedis.start(directory, BundledServer.Options.defaults())) {
                    standardOutput.println(server.uri());
                    standardOutput.println(server.pid());
                    awaitEndOfInput();
                }
            } else {
                long start = System.nanoTime();
                try (BundledPostgres server = BundledPostgres.start(directory, BundledServer.Options.defaults())) {
                    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                    standardOutput.println(server.uri());
                    standardOutput.println(server.pid());
                    standardOutput.println(tookMs);
                    awaitEndOfInput();
                }
            }
        } catch (BundledServerException e) {
            standardOutput.println(e.getMessage());
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() != -1) {
            // anything else says nothing
        }
    }
}
