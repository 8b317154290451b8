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

/** {@code sluice dead discard ID}: give it up; the order stays visible as a tombstone. */
@Command(name = "discard", description = "Give a dead letter up; a tombstone stays.", mixinStandardHelpOptions = true)
final class DeadDiscardVerb implements Callable<Integer> {

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
        String body = client.delete("/admin/dead-letters/" + id);
        out.println(output.json ? body : "discarded: order " + client.read(body).getString("orderId"));
        out.flush();
        return ExitCodes.OK;
    }
}
