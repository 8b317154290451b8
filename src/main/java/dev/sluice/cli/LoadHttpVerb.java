package dev.sluice.cli;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.http.HttpLoad;
import dev.sluice.load.http.Target;
import dev.sluice.load.run.RunningLoad;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice load http}: sends orders and says what became of them. */
@Command(
        name = "http",
        description = "Send orders over HTTP, at a rate (open model) or as fast as answers come (closed).",
        footer = {
            "",
            "A run in which the client itself could not keep up is marked invalid: exit 1, whatever else it missed.",
            "Ctrl-C ends a run early and keeps its summary, history and report: exit 130."
        })
final class LoadHttpVerb extends LoadRunVerb {

    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7E\\xA0-\\xFF]*");
    private static final Set<String> OUR_HEADERS =
            Set.of("host", "content-type", "content-length", "transfer-encoding");

    @Option(names = "--url", required = true, paramLabel = "URL", description = "e.g. http://127.0.0.1:8080")
    Target target = new Target("", 0, "");

    @Option(names = "--header", paramLabel = "LINE", description = "'Name: value', with each request; may be repeated")
    List<String> headers = new ArrayList<>();

    @Option(
            names = ApiClient.KEY_OPTION,
            paramLabel = "KEY",
            description = "the client's key; better given as SLUICE_API_KEY, which other users cannot see")
    @Nullable
    String apiKey;

    @Override
    String target() {
        return target.toString();
    }

    @Override
    RunningLoad start(LoadSettings settings) throws IOException {
        headers.forEach(this::requireHeader);
        try {
            return HttpLoad.start(new HttpLoad.Options(target, settings, withKey(), timeout, history, trust()));
        } catch (UnknownHostException e) {
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE, "no host is called " + target.host() + "; check --url", e);
        }
    }

    /** A line that is none would make each request one that every server refuses. Its value may be a secret. */
    private void requireHeader(String line) {
        if (!HEADER.matcher(line).matches()) {
            throw new ParameterException(commandLine(), "--header is 'Name: value', in ISO 8859-1");
        }
        if (OUR_HEADERS.contains(name(line))) {
            throw new ParameterException(
                    commandLine(), "--header: " + name(line) + " is that of the orders that are sent");
        }
    }

    private List<String> withKey() {
        List<String> all = new ArrayList<>(headers);
        if (headers.stream().noneMatch(line -> name(line).equals("authorization"))) {
            ApiClient.credentials(apiKey, environment()).forEach((name, value) -> all.add(name + ": " + value));
        }
        return all;
    }

    private Map<String, String> environment() {
        return Sluice.of(commandLine().getCommandSpec()).environment();
    }

    private static String name(String header) {
        return header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    private @Nullable SSLContext trust() {
        return target.tls() ? node.trust() : null;
    }

    @Override
    String unreachable(ConnectException error) {
        return "cannot connect to " + target + ": " + error.getMessage() + "; is a node running there? check --url"
                + (target.tls() ? " and --cacert" : "");
    }

    @Override
    String nodeFact() {
        return RunFacts.node(target, node);
    }
}
