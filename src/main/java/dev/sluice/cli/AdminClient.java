package dev.sluice.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Asks a running node, at the address of the options {@code --admin} and {@code --token}. Mixed in. Blocks, at most {@value #CONNECT_SECONDS} s to connect and {@value #ANSWER_SECONDS} s for an
 * answer. Where no node answers it fails with exit code 4, where the node says no with 1.
 */
final class AdminClient {

    private static final Logger LOG = LoggerFactory.getLogger(AdminClient.class);
    private static final int OK = 200;
    private static final int CONNECT_SECONDS = 5;
    private static final int ANSWER_SECONDS = 30;
    private static final int SUCCESS_BELOW = 300;
    private static final int UNAUTHORIZED = 401;

    private static final String TOKEN_VARIABLE = "SLUICE_ADMIN_TOKEN";

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec verb;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9090",
            converter = Urls.class,
            description = "the node's admin listener; default ${DEFAULT-VALUE}")
    URI admin = URI.create("http://127.0.0.1:9090");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "its admin.token; better given as " + TOKEN_VARIABLE + ", which other users cannot see")
    @Nullable
    String token;

    /** Reads {@code http://host:port}. */
    static final class Urls implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            URI url = LoadOptions.converted(() -> URI.create(text));
            return LoadOptions.converted(() -> checked(url));
        }

        private static URI checked(URI url) {
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean bare = url.getPath() == null
                    || url.getPath().isEmpty()
                    || url.getPath().equals("/");
            if (!http || url.getHost() == null || !bare || url.getQuery() != null) {
                throw new IllegalArgumentException("'" + url + "' is not a URL such as http://127.0.0.1:9090");
            }
            return url;
        }
    }

    /** The body of a good answer, as it came. */
    String get(String target) {
        return ask("GET", target);
    }

    String post(String target) {
        return ask("POST", target);
    }

    String delete(String target) {
        return ask("DELETE", target);
    }

    private String ask(String method, String target) {
        HttpResponse<String> answer = send(request(method, target));
        if (answer.statusCode() >= SUCCESS_BELOW) {
            throw new CliException(ExitCodes.FAILED, saysNo(answer));
        }
        return answer.body();
    }

    private HttpRequest request(String method, String target) {
        HttpRequest.Builder request = HttpRequest.newBuilder(admin.resolve(target))
                .timeout(Duration.ofSeconds(ANSWER_SECONDS))
                .method(method, HttpRequest.BodyPublishers.noBody());
        String bearer = token();
        if (bearer != null && !bearer.isBlank()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return request.build();
    }

    private @Nullable String token() {
        Sluice sluice = Sluice.of(Objects.requireNonNull(verb, "mixed in by picocli"));
        return token == null ? sluice.environment().get(TOKEN_VARIABLE) : token;
    }

    private HttpResponse<String> send(HttpRequest request) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(CONNECT_SECONDS))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            String why = e.getMessage() == null ? "connection refused" : e.getMessage();
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE,
                    "no node answers at " + admin + ": " + why + "; is it running? --admin gives another address",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCodes.FAILED, "interrupted while waiting for " + admin, e);
        }
    }

    private String saysNo(HttpResponse<String> answer) {
        if (answer.statusCode() == UNAUTHORIZED) {
            return "the node at " + admin + " wants its admin.token: set SLUICE_ADMIN_TOKEN, or give --token";
        }
        JsonObject problem = object(answer.body());
        if (problem == null || !(problem.getValue("code") instanceof String code)) {
            return noNode(answer.statusCode());
        }
        return "the node at " + admin + " says " + answer.statusCode() + " " + code + ": " + problem.getValue("detail");
    }

    /** Null where the text is no JSON object. */
    private static @Nullable JsonObject object(String text) {
        try {
            return Json.decodeValue(text) instanceof JsonObject object ? object : null;
        } catch (DecodeException e) {
            LOG.debug("an answer that is no JSON", e);
            return null;
        }
    }

    private String noNode(int status) {
        return "what answers " + status + " at " + admin + " is no admin listener of Sluice; --admin gives its address";
    }

    /** A good answer, read; a {@link CliException} where it is none of Sluice's. */
    JsonObject read(String body) {
        JsonObject answer = object(body);
        if (answer == null) {
            throw new CliException(ExitCodes.FAILED, noNode(OK));
        }
        return answer;
    }
}
