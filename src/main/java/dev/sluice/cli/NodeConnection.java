package dev.sluice.cli;

import dev.sluice.config.value.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one listener of a running node. Blocks, at most {@value #CONNECT_SECONDS} s to connect and the limit for the whole
 * answer: what answers may be anything.
 *
 * @param listener what it is, for people
 * @param option names it on the command line, for the person who reads that nothing answers
 * @param trust whose certificates are taken, of https
 * @param limit for the whole answer, its body included
 */
record NodeConnection(URI url, String listener, String option, Supplier<SSLContext> trust, Duration limit) {

    private static final Logger LOG = LoggerFactory.getLogger(NodeConnection.class);
    private static final int CONNECT_SECONDS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** With the limit of the verbs, 30 s. */
    NodeConnection(URI url, String listener, String option, Supplier<SSLContext> trust) {
        this(url, listener, option, trust, LIMIT);
    }

    /**
     * The header of a key or token; none where it is blank.
     *
     * @param named the option or variable that it comes from; a message never holds the text itself
     */
    static Map<String, String> bearer(String text, String named) {
        if (text.isBlank()) {
            return Map.of();
        }
        try {
            return Map.of("Authorization", "Bearer " + new Secret(text.strip()).value());
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCodes.USAGE, named + " " + e.getMessage(), e);
        }
    }

    /** The answer, whatever its status; a {@link CliException} with exit code 4 where there is none. */
    HttpResponse<String> send(String method, String target, Map<String, String> headers, String body) {
        if (url.getHost() == null) {
            throw new CliException(
                    ExitCodes.USAGE,
                    "the host in " + url + " has an underscore or another sign that no host has; " + option
                            + " gives its address");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(target))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(CONNECT_SECONDS));
        HttpClient client = url.getScheme().equals("https")
                ? builder.sslContext(trust.get()).build()
                : builder.build();
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, head -> new BoundedBody());
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw noAnswer(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw noAnswer(new IOException("its answer was not whole within " + limit.toMillis() / 1e3 + " s", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCodes.FAILED, "interrupted while waiting for " + url, e);
        }
    }

    private CliException noAnswer(Throwable cause) {
        if (cause instanceof SSLException) {
            return new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE,
                    "TLS with " + url + " does not stand: " + cause.getMessage()
                            + "; --cacert names the CA that signed its certificate, --client-cert the certificate that"
                            + " it asks for",
                    cause);
        }
        String why = cause.getMessage() == null ? "connection refused" : cause.getMessage();
        return new CliException(
                ExitCodes.DEPENDENCY_UNREACHABLE,
                "no node answers at " + url + ": " + why + "; is it running"
                        + (url.getScheme().equals("http") ? ", and without TLS" : "") + "? " + option
                        + " gives another address",
                cause);
    }

    /** The body of a good answer, as it came; a {@link CliException} where it is no JSON object. */
    String object(HttpResponse<String> answer) {
        if (parsed(answer.body()) == null) {
            throw isNoNode(answer.statusCode());
        }
        return answer.body();
    }

    /** What a node says that refuses: its code, its words, and every fault of an order on a line of its own. */
    CliException saysNo(HttpResponse<String> answer, int exitCode) {
        JsonObject problem = parsed(answer.body());
        if (problem == null || !(problem.getValue("code") instanceof String code)) {
            return isNoNode(answer.statusCode());
        }
        String says =
                "the node at " + url + " says " + answer.statusCode() + " " + code + ": " + problem.getValue("detail");
        return new CliException(
                exitCode,
                Stream.concat(Stream.of(says), faults(problem))
                        .map(DeadListVerb::printable)
                        .collect(Collectors.joining("\n  ")));
    }

    private static Stream<String> faults(JsonObject problem) {
        return problem.getValue("errors") instanceof JsonArray errors
                ? errors.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .map(error -> error.getValue("pointer") + ": " + error.getValue("detail"))
                : Stream.of();
    }

    /** That something answers there, but no node. */
    private CliException isNoNode(int status) {
        return new CliException(
                ExitCodes.FAILED,
                "what answers " + status + " at " + url + " is no " + listener + " of Sluice; " + option
                        + " gives its address");
    }

    /** Null where the text is no JSON object. */
    private static @Nullable JsonObject parsed(String text) {
        try {
            return Json.decodeValue(text) instanceof JsonObject object ? object : null;
        } catch (DecodeException e) {
            LOG.debug("an answer that is no JSON", e);
            return null;
        }
    }
}
