package dev.sluice.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice cluster status}: who is there, what each one does, and who is silent. */
@Command(name = "status", description = "Say which members the node hears, their roles, instances and subscriptions.")
final class ClusterStatusVerb extends Verb implements Callable<Integer> {

    private static final double MS_PER_SECOND = 1_000;

    @Mixin
    AdminClient node = new AdminClient();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        PrintWriter out = out();
        String answer = node.get("/admin/cluster");
        JsonObject status = new JsonObject(answer);
        if (output.json) {
            out.println(answer);
        } else if (!status.getBoolean("enabled", false)) {
            out.println("the node is no member of a cluster (cluster.enabled is false)");
        } else if (status.getJsonArray("members").isEmpty()) {
            out.println("the node is about to join its cluster; /readyz says how it stands");
        } else {
            print(out, status.getJsonArray("members"));
        }
        out.flush();
        return ExitCodes.OK;
    }

    private static void print(PrintWriter out, JsonArray members) {
        out.println("NODE          ADMIN                            STATE    HEARD    HTTP  WRITERS  RELEASE");
        for (int i = 0; i < members.size(); i++) {
            JsonObject member = members.getJsonObject(i);
            JsonObject instances = member.getJsonObject("instances");
            out.printf(
                    Locale.ROOT,
                    "%-12s%s %-32s %-8s %5.1f s  %4d  %7d  %s, wire %d%n",
                    member.getString("node"),
                    member.getBoolean("self") ? "*" : " ",
                    member.getString("name"),
                    member.getString("state"),
                    member.getLong("heardMs") / MS_PER_SECOND,
                    instances.getInteger("http"),
                    instances.getInteger("writer"),
                    member.getString("release"),
                    member.getInteger("wireVersion"));
            JsonArray subscriptions = member.getJsonArray("subscriptions");
            for (int s = 0; s < subscriptions.size(); s++) {
                boolean full = member.getJsonArray("full").contains(subscriptions.getString(s));
                out.println("    " + subscriptions.getString(s) + (full ? "  full" : ""));
            }
        }
    }
}
