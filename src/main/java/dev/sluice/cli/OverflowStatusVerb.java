package dev.sluice.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice overflow status}: how full it is, and whether it empties. */
@Command(name = "status", description = "Say how many orders are queued, how old they are, and what the drain does.")
final class OverflowStatusVerb extends Verb implements Callable<Integer> {

    @Mixin
    AdminClient node = new AdminClient();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        PrintWriter out = out();
        String status = node.get("/admin/overflow");
        if (output.json) {
            out.println(status);
        } else {
            print(out, new JsonObject(status));
        }
        out.flush();
        return ExitCodes.OK;
    }

    private static void print(PrintWriter out, JsonObject status) {
        boolean up = status.getBoolean("up", false);
        out.printf("Redis          %s%n", up ? "up" : "away; what follows was seen before");
        out.printf(Locale.ROOT, "queued orders  %,d%n", status.getLong("entries", 0L));
        out.printf(Locale.ROOT, "oldest         %.1f s%n", status.getDouble("oldestSeconds", 0.0));
        out.printf(Locale.ROOT, "dead letters   %,d%n", status.getLong("deadLetters", 0L));
        out.printf(
                Locale.ROOT, "drained        %,d by this node since it started%n", status.getLong("drainedTotal", 0L));
        out.printf("drain          %s%n", status.getString("state", "unknown").replace('_', ' '));
    }
}
