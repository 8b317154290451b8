package dev.sluice.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice version}. */
@Command(name = "version", description = "Print the version.")
final class VersionVerb extends Verb implements Runnable {

    @Mixin
    JsonOption result = new JsonOption();

    @Override
    public void run() {
        if (result.json) {
            JsonOption.print(
                    out(),
                    new JsonObject()
                            .put("version", Version.current())
                            .put("java", Runtime.version().toString()));
        } else {
            out().println("sluice " + Version.current());
        }
    }
}
