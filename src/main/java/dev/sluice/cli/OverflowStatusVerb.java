package dev.sluice.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice overflow status}: how full it is, and whether it empties. */
@Command(
        name = "status",
        description = "Say how many orders are queued, how old they are, and what the drain does.",
        mixinStandardHelpOptions = true)
final class OverflowStatusVerb implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    AdminOptions node = new AdminOptions();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        AdminClient client = node.client();
        JsonObject status = client.read(client.get("/admin/overflow"));
        if (output.json) {
            out.println(status.encodePrettily());
        } else {
            print(out, status);
        }
        out.flush();
        return ExitCodes.OK;
    }

    private static void print(PrintWriter out, JsonObject status) {
        boolean up = status.getBoolean("up", false);
        out.printf("Redis          %s%n", up ? "up" : "away; what follows was seen before");
        out.printf("queued orders  %,d%n", status.getLong("entries", 0L));
        out.printf("oldest         %.1f s%n", status.getDouble("oldestSeconds", 0.0));
        out.printf("dead letters   %,d%n", status.getLong("deadLetters", 0L));
        out.printf("drained        %,d by this node since it started%n", status.getLong("drainedTotal", 0L));
        out.printf("drain          %s%n", status.getString("state", "unknown").replace('_', ' '));
    }
}
