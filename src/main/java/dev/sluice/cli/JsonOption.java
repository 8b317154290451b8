package dev.sluice.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** {@code --json}, on every verb that prints a result. */
final class JsonOption {

    @Option(names = "--json", description = "print the result as JSON")
    boolean json;

    /** Prints one object, indented. */
    static void print(PrintWriter out, JsonObject object) {
        out.println(object.encodePrettily());
        out.flush();
    }
}
