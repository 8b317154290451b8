package dev.sluice.cli;

import dev.sluice.config.ClusterConfig;
import dev.sluice.config.ConfigSources.Flag;
import dev.sluice.config.LogConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.load.LoadSettings;
import dev.sluice.load.bus.BusLoad;
import dev.sluice.load.run.RunningLoad;
import dev.sluice.log.LogSetup;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** {@code sluice load bus}: sends orders over the event bus of a cluster and says what became of them. */
@Command(
        name = "bus",
        description = "Send orders over the event bus, at a rate (open model) or as fast as answers come (closed).",
        footer = {
            "",
            "It joins the cluster of the configuration (cluster.*, as a node does; cluster.members at least) and sends",
            "JSON to orders.submit; --connections are messages on their way at once. Where cluster.port or",
            "cluster.busPort is taken, by the node of this machine say, it listens on any free port instead.",
            "Exit 4: no node of that cluster takes orders.",
            "A run in which the client itself could not keep up is marked invalid: exit 1, whatever else it missed.",
            "Ctrl-C ends a run early and keeps its summary, history and report: exit 130."
        })
final class LoadBusVerb extends LoadRunVerb {

    private static final String VERB = "load bus";

    @Option(
            names = "--account",
            paramLabel = "NAME",
            defaultValue = "default",
            converter = Account.class,
            description = "whose orders they are (default: ${DEFAULT-VALUE})")
    String account = "";

    private @Nullable SluiceConfig config;
    private @Nullable BusLoad running;

    /** A name that an account can have. */
    static final class Account implements ITypeConverter<String> {

        @Override
        public String convert(String name) {
            return LoadOptions.converted(() -> BusLoad.requireAccount(name));
        }
    }

    @Override
    String target() {
        config = configuration();
        return "orders.submit of cluster " + config.cluster().name();
    }

    /** That of a node, but for the ports where they are taken, and for what only a node's operator wants to read. */
    private SluiceConfig configuration() {
        List<Flag> decided = new ArrayList<>(List.of(new Flag(VERB, "cluster.enabled", "true")));
        SluiceConfig asked = node.load(decided).config();
        ClusterConfig cluster = asked.cluster();
        int port = freePort(cluster.host(), cluster.port());
        decided.add(new Flag(VERB, "cluster.port", Integer.toString(port)));
        decided.add(new Flag(VERB, "cluster.busPort", Integer.toString(freePort(cluster.host(), cluster.busPort()))));
        if (asked.log().level() == LogConfig.Level.INFO) {
            decided.add(new Flag(VERB, "log.level", "warn"));
        }
        return node.load(decided).config();
    }

    /** That port, or any other where it cannot be had. */
    private static int freePort(String host, int port) {
        if (listened(host, port) > 0) {
            return port;
        }
        int any = listened(host, 0);
        return any > 0 ? any : port;
    }

    /** The port listened on for a moment; 0 where that is not possible: to join says why. */
    private static int listened(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return socket.getLocalPort();
        } catch (IOException taken) {
            return 0;
        }
    }

    @Override
    RunningLoad start(LoadSettings settings) throws IOException {
        SluiceConfig member = Objects.requireNonNull(config, "target() comes first");
        LogSetup.apply(member.log());
        running = BusLoad.start(
                new BusLoad.Options(member.cluster(), settings, account, timeout, history, Version.current()));
        return running;
    }

    @Override
    String unreachable(ConnectException error) {
        return String.valueOf(error.getMessage());
    }

    @Override
    String nodeFact() {
        String members = running == null ? "" : String.join(", ", running.members());
        return (members.isEmpty() ? "members not known" : "members " + members)
                + (node.isNamed() ? "; " + RunFacts.node(node) : "");
    }
}
