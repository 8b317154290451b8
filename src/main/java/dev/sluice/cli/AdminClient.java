package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Asks the admin listener of a running node: the one of {@code --admin}, of SLUICE_ADMIN, or of {@code admin.host} and
 * {@code admin.port} of the configuration, with {@code --token} or the configuration's {@code admin.token}. Mixed in.
 * Where the node says no it fails with exit code 1.
 */
final class AdminClient extends ConfigOptions {

    private static final String URL_OPTION = "--admin";
    private static final String URL_VARIABLE = "SLUICE_ADMIN";
    private static final int SUCCESS_BELOW = 300;
    private static final int UNAUTHORIZED = 401;

    @Option(
            names = URL_OPTION,
            paramLabel = "URL",
            converter = ListenerUrl.class,
            description = "the node's admin listener, else SLUICE_ADMIN, else admin.host and admin.port")
    @Nullable
    URI admin;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "a key, or its admin.token; better given as SLUICE_ADMIN_TOKEN, which other users cannot see")
    @Nullable
    String token;

    @Mixin
    NodeTrust trust = new NodeTrust();

    /** Whether a person named the node, and not the configuration's defaults. */
    boolean isNamed() {
        return admin != null || !variable().isBlank();
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
        SluiceConfig.Admin configured = load().config().admin();
        NodeConnection node = new NodeConnection(url(configured), "admin listener", URL_OPTION, this::trust);
        HttpResponse<String> answer = node.send(method, target, headers(configured), "");
        if (answer.statusCode() >= SUCCESS_BELOW) {
            throw saysNo(node, answer);
        }
        return node.object(answer);
    }

    private URI url(SluiceConfig.Admin configured) {
        CommandSpec spec = Objects.requireNonNull(verb, "mixed in by picocli");
        if (admin != null) {
            return admin;
        }
        if (!variable().isBlank()) {
            return fromEnvironment(spec, variable());
        }
        if (configured.port() == 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "admin.port is 0, any free port: " + URL_OPTION + " says which, as the banner does");
        }
        return ListenerUrl.of(configured.tls().scheme(), configured.host(), configured.port());
    }

    private String variable() {
        return environment().getOrDefault(URL_VARIABLE, "");
    }

    /** What {@code --cacert} and its like name. */
    SSLContext trust() {
        return trust.context(environment());
    }

    private Map<String, String> environment() {
        return Sluice.of(Objects.requireNonNull(verb, "mixed in by picocli")).environment();
    }

    private static URI fromEnvironment(CommandSpec spec, String variable) {
        try {
            return ListenerUrl.parse(variable);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), URL_VARIABLE + ": " + e.getMessage(), e);
        }
    }

    private Map<String, String> headers(SluiceConfig.Admin configured) {
        String configuredToken =
                configured.token() == null ? "" : configured.token().value();
        String bearer = token == null ? configuredToken : token;
        return NodeConnection.bearer(bearer, "--token");
    }

    private static CliException saysNo(NodeConnection node, HttpResponse<String> answer) {
        if (answer.statusCode() == UNAUTHORIZED) {
            return new CliException(
                    ExitCodes.FAILED,
                    "the node at " + node.url()
                            + " wants a valid key or its admin.token: set SLUICE_ADMIN_TOKEN, or give --token");
        }
        return node.saysNo(answer, ExitCodes.FAILED);
    }
}
