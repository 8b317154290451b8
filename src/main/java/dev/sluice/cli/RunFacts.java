package dev.sluice.cli;

import dev.sluice.config.value.StoreUri;
import dev.sluice.load.http.Target;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reader of a report must know beside its figures: who measured, on what, against which node, by which command. */
final class RunFacts {

    private static final Logger LOG = LoggerFactory.getLogger(RunFacts.class);
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** Options whose values may be secrets, or are those of headers that may. */
    private static final Set<String> MASKED = Set.of("--token", "--api-key", "--header", "--set");

    private RunFacts() {}

    /**
     * By name, in the order in which they are shown.
     *
     * @param node what is known of those that took the orders
     */
    static Map<String, String> of(List<String> arguments, String node) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("command", command(arguments));
        facts.put("sluice", Version.current() + ", Java " + Runtime.version());
        facts.put("machine", machine() + " (of the client)");
        facts.put("node", node);
        return facts;
    }

    /** The line that was typed, without secrets. */
    static String command(List<String> arguments) {
        StringBuilder line = new StringBuilder("sluice");
        String before = "";
        for (String argument : arguments) {
            line.append(' ').append(MASKED.contains(before) ? "***" : quoted(masked(argument)));
            before = argument;
        }
        return line.toString();
    }

    private static String masked(String argument) {
        int equals = argument.indexOf('=');
        boolean secret = equals > 0 && MASKED.contains(argument.substring(0, equals));
        return secret ? argument.substring(0, equals + 1) + "***" : argument;
    }

    private static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_./:=*@%+,-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static String machine() {
        return Stream.of(
                        processor(),
                        Runtime.getRuntime().availableProcessors() + " processors",
                        System.getProperty("os.name") + " " + System.getProperty("os.version"),
                        System.getProperty("os.arch"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** The machine, its memory, and how long Linux keeps dirty pages, which decides how long the worst seconds are. */
    static String fingerprint() {
        Stream<String> more = Stream.of(
                firstLine(Path.of("/proc/meminfo")).replaceAll("MemTotal: *([0-9]+)[0-9]{6} kB", "$1 GB of memory"),
                "vm.dirty_expire_centisecs " + firstLine(Path.of("/proc/sys/vm/dirty_expire_centisecs")));
        return Stream.concat(Stream.of(machine()), more).collect(Collectors.joining(", "));
    }

    private static String firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException e) {
            LOG.debug("{} is not known", file, e);
            return "not known";
        }
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            LOG.debug("the processor's name is not known", e);
            return "";
        }
    }

    /** What its admin listener says of it; of a node elsewhere only where that one is named. */
    static String node(Target target, AdminClient admin) {
        return orNotKnown(() -> {
            if (!admin.isNamed() && !InetAddress.getByName(target.host()).isLoopbackAddress()) {
                return "not known: --admin names its admin listener";
            }
            JsonObject config = config(admin);
            if (!admin.isNamed() && !value(config, "http.port").equals(Integer.toString(target.port()))) {
                return "not known: the admin listener of the configuration is another node's; --admin names this one's";
            }
            return node(admin, config);
        });
    }

    /** What the admin listener that is named says of its node. */
    static String node(AdminClient admin) {
        return orNotKnown(() -> node(admin, config(admin)));
    }

    /** The run is over: neither a bad address nor a listener of another program may cost it its report. */
    private static String orNotKnown(Callable<String> ask) {
        try {
            return ask.call();
        } catch (Exception e) {
            LOG.debug("the node is not known", e);
            return "not known: " + StoreUri.masked(String.valueOf(e.getMessage()));
        }
    }

    private static JsonObject config(AdminClient admin) {
        return new JsonObject(admin.get("/admin/config"));
    }

    private static String node(AdminClient admin, JsonObject config) {
        return "sluice " + new JsonObject(admin.get("/version")).getString("version") + ", " + durability(config);
    }

    private static String value(JsonObject config, String key) {
        return String.valueOf(config.getJsonObject(key, new JsonObject()).getValue("value", "0"));
    }

    private static String durability(JsonObject config) {
        boolean unsafe = value(config, "store.allowUnsafe").equals("true");
        return unsafe
                ? "store.allowUnsafe: an acknowledged order may be lost in a power cut"
                : "201 after a commit with fsync, full_page_writes and synchronous_commit on, 202 after Redis synced"
                        + " (store.allowUnsafe is false: other stores are refused)";
    }
}
