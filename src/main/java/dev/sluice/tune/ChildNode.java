package dev.sluice.tune;

import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.Knob;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node as a child process. It ends with this object, and with this process where the system can arrange that. Every
 * method blocks.
 */
final class ChildNode implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final long POLL_MS = 20;
    private static final int SAID_LINES_MAX = 12;
    private static final Pattern API = Pattern.compile("(?m)^ *API +(http://\\S+)/orders\\b");
    private static final Pattern ADMIN = Pattern.compile("(?m)^ *admin +(http://\\S+)");
    private static final Pattern BUSY =
            Pattern.compile("(?m)^sluice_event_loop_busy_ratio\\{thread=\"([^\"]+)\"} ([0-9.eE+-]+)");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Process process;
    private Candidate candidate;
    private String api = "";
    private String admin = "";

    private ChildNode(Path folder, Process process, Candidate candidate) {
        this.folder = folder;
        this.process = process;
        this.candidate = candidate;
    }

    /** It did not come up, or does not answer; the message is for people. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }

    /**
     * Starts one and waits until it takes orders.
     *
     * @param command of a JVM, up to the verb
     * @param folder for its configuration and what it says, for this user alone
     * @param isOver whether to give up
     */
    static ChildNode start(
            List<String> command, Path folder, Candidate candidate, String config, BooleanSupplier isOver)
            throws IOException, InterruptedException, Failed {
        Path file = Files.createTempFile(folder, "node", ".yaml"); // mode 600
        Files.writeString(file, config);
        Path home = Files.createTempDirectory(folder, "node");
        List<String> line = new ArrayList<>(command); // a builder would keep the caller's list
        line.addAll(List.of("serve", "--config", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        ChildNode node = new ChildNode(home, builder.start(), candidate);
        try {
            node.awaitReady(isOver);
            return node;
        } catch (IOException | InterruptedException | Failed e) {
            node.close();
            throw e;
        }
    }

    private void awaitReady(BooleanSupplier isOver) throws IOException, InterruptedException, Failed {
        long began = System.nanoTime();
        String said = "";
        while (!said.contains("\n  try ")) {
            if (!process.isAlive()) {
                throw new Failed("the node ended: " + complaint());
            }
            if (isOver.getAsBoolean() || System.nanoTime() - began > START_LIMIT.toNanos()) {
                throw new Failed("the node was not ready in time: " + complaint());
            }
            Thread.sleep(POLL_MS);
            said = Files.readString(folder.resolve("out"));
        }
        api = found(API, said);
        admin = found(ADMIN, said);
    }

    private static String found(Pattern place, String said) throws Failed {
        Matcher matcher = place.matcher(said);
        if (!matcher.find()) {
            throw new Failed("what a node says when it is ready has no " + place);
        }
        return matcher.group(1);
    }

    /** The last lines of what it complained of. */
    private String complaint() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("err"));
        return String.join("\n  ", lines.subList(Math.max(0, lines.size() - SAID_LINES_MAX), lines.size()));
    }

    /** Where orders go. */
    String api() {
        return api;
    }

    Candidate candidate() {
        return candidate;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Tells it how many instances to run; the other knobs are those that it was started with. */
    void change(Candidate wanted) throws IOException, InterruptedException, Failed {
        JsonObject instances = new JsonObject()
                .put("http", wanted.get(Knob.HTTP_INSTANCES))
                .put("writer", wanted.get(Knob.WRITER_INSTANCES));
        HttpResponse<String> answer = client.send(
                request("/admin/verticles")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(instances.encode()))
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new Failed("the node did not change to " + instances + ": " + answer.body());
        }
        candidate = wanted;
    }

    /** CPU time over wall time of its event loops since they were asked for last, by thread. */
    Map<String, Double> busy() throws IOException, InterruptedException {
        String metrics = client.send(request("/metrics").build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Map<String, Double> busy = new TreeMap<>();
        BUSY.matcher(metrics).results().forEach(loop -> busy.put(loop.group(1), Double.valueOf(loop.group(2))));
        return busy;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(admin + path)).timeout(ANSWER_LIMIT);
    }

    /** At once: what it has is thrown away. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
