package dev.sluice.cli;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that changes one dead letter of a running node. */
abstract class DeadLetterVerb extends Verb {

    @Parameters(paramLabel = "ID", description = "of the dead letter, as sluice dead list shows it")
    @Nullable
    UUID id;

    @Mixin
    AdminClient node = new AdminClient();

    @Mixin
    JsonOption output = new JsonOption();

    /** The dead letter's place on the admin listener. */
    String target() {
        return "/admin/dead-letters/" + id;
    }

    /** Prints the node's answer: as it came, or what happened to which order. */
    int print(String answer, String happened) {
        out().println(output.json ? answer : happened + ": order " + new JsonObject(answer).getString("orderId"));
        out().flush();
        return ExitCodes.OK;
    }
}
