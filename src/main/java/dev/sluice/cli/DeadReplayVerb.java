package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice dead replay ID}: queue it again, after what made PostgreSQL refuse it was mended. */
@Command(
        name = "replay",
        description = "Queue a dead letter again: PostgreSQL judges it anew.",
        mixinStandardHelpOptions = true)
final class DeadReplayVerb implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "of the dead letter, as sluice dead list shows it")
    @Nullable
    UUID id;

    @Mixin
    AdminOptions node = new AdminOptions();

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        AdminClient client = node.client();
        String body = client.post("/admin/dead-letters/" + id + "/replay");
        out.println(
                output.json ? body : "queued again: order " + client.read(body).getString("orderId"));
        out.flush();
        return ExitCodes.OK;
    }
}
