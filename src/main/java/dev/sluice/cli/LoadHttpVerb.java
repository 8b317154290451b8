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
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

    @Option(names = "--url", required = true, paramLabel = "URL", description = "e.g. http://127.0.0.1:8080")
    Target target = new Target("", 0, "");

    @Option(names = "--header", paramLabel = "LINE", description = "'Name: value', with each request; may be repeated")
    List<String> headers = new ArrayList<>();

    @Override
    String target() {
        return target.toString();
    }

    @Override
    RunningLoad start(LoadSettings settings) throws IOException {
        try {
            return HttpLoad.start(new HttpLoad.Options(target, settings, headers, timeout, history, trust()));
        } catch (UnknownHostException e) {
            throw new CliException(
                    ExitCodes.DEPENDENCY_UNREACHABLE, "no host is called " + target.host() + "; check --url", e);
        }
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
