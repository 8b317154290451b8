package dev.sluice.cli;

import dev.sluice.config.HttpConfig;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Asks the order API of a running node: the one of {@code --url}, or of {@code http.host} and {@code http.port} of the
 * configuration. Mixed in. An order that no store could take is exit code 4, what the node refuses is 1.
 */
final class ApiClient extends ConfigOptions {

    private static final String URL_OPTION = "--url";
    static final String KEY_OPTION = "--api-key";
    private static final String KEY_VARIABLE = "SLUICE_API_KEY";
    private static final int SUCCESS_BELOW = 300;
    private static final int UNAVAILABLE = 503;

    @Option(
            names = URL_OPTION,
            paramLabel = "URL",
            converter = ListenerUrl.class,
            description = "the node's order API, else http.host and http.port")
    @Nullable
    URI url;

    @Mixin
    NodeTrust trust = new NodeTrust();

    @Option(
            names = KEY_OPTION,
            paramLabel = "KEY",
            description = "the client's key; better given as SLUICE_API_KEY, which other users cannot see")
    @Nullable
    String apiKey;

    /** The answer, if it is a good one. */
    HttpResponse<String> send(String method, String target, Map<String, String> headers, String body) {
        NodeConnection node = new NodeConnection(url(), "order API", URL_OPTION, () -> trust.context(environment()));
        HttpResponse<String> answer = node.send(method, target, withKey(headers), body);
        if (answer.statusCode() >= SUCCESS_BELOW) {
            boolean unavailable = answer.statusCode() == UNAVAILABLE;
            throw node.saysNo(answer, unavailable ? ExitCodes.DEPENDENCY_UNREACHABLE : ExitCodes.FAILED);
        }
        node.object(answer);
        return answer;
    }

    private Map<String, String> environment() {
        return Sluice.of(Objects.requireNonNull(verb, "mixed in by picocli")).environment();
    }

    private Map<String, String> withKey(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(credentials(apiKey, environment()));
        return all;
    }

    /** The header of the key on the line, else of the one in the environment; none where there is neither. */
    static Map<String, String> credentials(@Nullable String onTheLine, Map<String, String> environment) {
        return onTheLine == null
                ? NodeConnection.bearer(environment.getOrDefault(KEY_VARIABLE, ""), KEY_VARIABLE)
                : NodeConnection.bearer(onTheLine, KEY_OPTION);
    }

    private URI url() {
        if (url != null) {
            return url;
        }
        HttpConfig configured = load().config().http();
        if (configured.port() == 0) {
            throw new ParameterException(
                    Objects.requireNonNull(verb, "mixed in by picocli").commandLine(),
                    "http.port is 0, any free port: " + URL_OPTION + " says which, as the banner does");
        }
        return ListenerUrl.of(configured.tls().scheme(), configured.host(), configured.port());
    }

    /** Prints the document that the node answers, or what became of the order in a line. */
    static void print(PrintWriter out, HttpResponse<String> answer, boolean asJson) {
        JsonObject order = new JsonObject(answer.body());
        boolean replayed = answer.headers().firstValue("Idempotent-Replayed").isPresent();
        if (asJson) {
            out.println(answer.body());
        } else {
            String key = order.getString("clientOrderId");
            String reason = order.getString("reason");
            out.println(DeadListVerb.printable(order.getString("status") + ": order " + order.getString("id")
                    + (key == null ? "" : ", key " + key)
                    + ", total " + order.getString("total") + " " + order.getString("currency")
                    + (reason == null ? "" : ", " + reason)
                    + (replayed ? " (it was there before)" : "")));
        }
        out.flush();
    }
}
