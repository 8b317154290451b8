package dev.sluice.rig;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command line in a process of its own, on the class path of the tests. */
public final class NodeProcess implements AutoCloseable {

    private static final long READY_LIMIT_MS = 60_000;
    private static final long END_LIMIT_SECONDS = 40;
    private static final Pattern BANNER =
            Pattern.compile("(?s).*API +(?:http://[0-9.]+:(\\d+)/orders[^\n]*|none [^\n]*)\n"
                    + ".*admin +http://[0-9.]+:(\\d+) .*store +(\\S+) [^\n]*\n.*");

    private final Process process;
    private final Path out;
    private final Path err;

    private NodeProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * What is unusual about the process.
     *
     * @param prefix a command that becomes it
     * @param flags more flags of the JVM; the last one wins
     * @param environment more variables; JAVA_HOME names another Java
     */
    public record Manner(List<String> prefix, List<String> flags, Map<String, String> environment) {

        public static final Manner USUAL = new Manner(List.of(), List.of(), Map.of());

        public static Manner withFlags(String... flags) {
            return new Manner(List.of(), List.of(flags), Map.of());
        }
    }

    /** Runs a verb; output goes to files in the folder. */
    public static NodeProcess run(Path folder, String... verb) throws IOException {
        return run(folder, Manner.USUAL, verb);
    }

    public static NodeProcess run(Path folder, Manner manner, String... verb) throws IOException {
        Path out = Files.createTempFile(folder, "node", ".out");
        Path err = Files.createTempFile(folder, "node", ".err");
        // A build that runs in the background has its processes ignore SIGINT; what is tested here must hear it.
        List<String> command = new ArrayList<>(manner.prefix());
        command.addAll(List.of(
                "env",
                "--default-signal=INT",
                Path.of(javaHome(manner), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(manner.flags());
        command.add("dev.sluice.cli.Sluice");
        command.addAll(List.of(verb));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(manner.environment());
        return new NodeProcess(builder.start(), out, err);
    }

    private static String javaHome(Manner manner) {
        return manner.environment().getOrDefault("JAVA_HOME", System.getProperty("java.home"));
    }

    /** {@code serve} on ports of its own choice; more keys as {@code key=value}, of which the last one wins. */
    public static NodeProcess serve(Path folder, Manner manner, String... sets) throws IOException {
        Stream<String> verb = Stream.concat(Stream.of("http.port=0", "admin.port=0"), Stream.of(sets))
                .flatMap(set -> Stream.of("--set", set));
        return run(folder, manner, Stream.concat(Stream.of("serve"), verb).toArray(String[]::new));
    }

    /** What the banner says once the node is ready; port 0 where it has no order API. */
    public record Ready(int port, int adminPort, String storeUri) {}

    public Ready awaitReady() throws Exception {
        boolean ready = Await.comes(READY_LIMIT_MS, () -> isWhole(banner()) || !process.isAlive());
        Matcher banner = BANNER.matcher(banner());
        assertTrue(ready && banner.matches(), process + "\n" + said());
        int port = banner.group(1) == null ? 0 : Integer.parseInt(banner.group(1));
        return new Ready(port, Integer.parseInt(banner.group(2)), banner.group(3));
    }

    /** The last line is a command to try, or there is no API to try it on. */
    private static boolean isWhole(String banner) {
        return banner.contains("curl")
                || (banner.contains("API        none") && banner.matches("(?s).*\n  instances [^\n]*\n"));
    }

    /** All that it said on stdout: the banner. */
    public String banner() throws IOException {
        return Files.readString(out);
    }

    /** The URI of a server of {@code dev}, password included: {@code postgres} or {@code redis}. */
    public static String kept(Path data, String server) throws IOException {
        return Files.readString(data.resolve(server).resolve("uri")).strip();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Files and sockets that it holds open; Linux alone knows. */
    public int openFiles() {
        String[] open =
                Path.of("/proc", Long.toString(process.pid()), "fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    public void signal(String name) {
        Commands.signal(name, List.of(process.pid()));
    }

    /** SIGSTOP; returns when no thread of it runs any more, so that nothing is heard from it any more. */
    public void freeze() {
        signal("STOP");
        Await.state("its threads to stop", () -> threadStates().allMatch("T"::equals));
    }

    private Stream<String> threadStates() {
        File[] threads =
                Path.of("/proc", Long.toString(process.pid()), "task").toFile().listFiles();
        return Stream.of(threads).map(NodeProcess::state);
    }

    private static String state(File thread) {
        try {
            String stat = Files.readString(thread.toPath().resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0];
        } catch (IOException ended) {
            return "T";
        }
    }

    /** Its exit code; fails where it stays longer. */
    public int awaitExit(long limitSeconds) throws Exception {
        assertTrue(
                process.waitFor(limitSeconds, TimeUnit.SECONDS), "still there after " + limitSeconds + " s\n" + said());
        return process.exitValue();
    }

    public String errors() throws IOException {
        return Files.readString(err);
    }

    private String said() throws IOException {
        return Files.readString(out) + errors();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            signal("CONT"); // a frozen one hears nothing
        }
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not end when asked\n" + said());
            }
        } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
