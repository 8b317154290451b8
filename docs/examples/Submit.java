import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Submits one order and repeats it until the answer is final: {@code java Submit.java URL FILE}
 *
 * <p>Needs Java 11 or newer and nothing else. The document needs a clientOrderId: it makes the repetitions harmless. Exit
 * code 0: committed or queued, 1: refused, 4: no answer that is final.
 */
public class Submit {

    private static final int ATTEMPTS = 6;
    private static final Duration TIMEOUT = Duration.ofSeconds(10); // longer than the node's HTTP deadline of 5 s
    private static final long WAIT_MAX_MS = 10_000;
    private static final Set<Integer> AGAIN = Set.of(408, 429, 500, 502, 503, 504);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    public static void main(String[] arguments) throws Exception {
        HttpRequest.Builder order = HttpRequest.newBuilder(URI.create(arguments[0] + "/orders"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(Path.of(arguments[1]))));
        String key = System.getenv("SLUICE_API_KEY"); // where the node asks for one
        if (key != null && !key.isEmpty()) {
            order.header("Authorization", "Bearer " + key);
        }
        HttpResponse<String> last = new Submit().submit(order.build());
        System.out.println(last == null ? "no answer" : last.body());
        System.exit(last == null ? 4 : exitCode(last.statusCode()));
    }

    private static int exitCode(int status) {
        return status == 201 || status == 202 ? 0 : AGAIN.contains(status) ? 4 : 1;
    }

    /** The last answer, or null where there was none. */
    private HttpResponse<String> submit(HttpRequest order) throws InterruptedException {
        HttpResponse<String> last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                last = client.send(order, HttpResponse.BodyHandlers.ofString());
                if (!AGAIN.contains(last.statusCode())) {
                    return last;
                }
            } catch (IOException lost) { // refused, reset, timed out: it may have been stored, so it is repeated
                last = null;
            }
            if (attempt + 1 < ATTEMPTS) {
                pause(attempt, last);
            }
        }
        return last;
    }

    /** As the server asks, else a random time that grows, so that clients do not come back all at once. */
    private static void pause(int attempt, HttpResponse<String> answer) throws InterruptedException {
        String asked = answer == null ? "" : answer.headers().firstValue("Retry-After").orElse("");
        long ms = asked.matches("[0-9]{1,6}")
                ? 1_000 * Long.parseLong(asked)
                : ThreadLocalRandom.current().nextLong(1, 100L << attempt);
        Thread.sleep(Math.min(ms, WAIT_MAX_MS));
    }
}
