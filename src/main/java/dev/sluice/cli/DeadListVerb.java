package dev.sluice.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice dead list}: one line each, ordered by id; with {@code --json} the orders too. */
@Command(name = "list", description = "List dead letters, ordered by id.")
final class DeadListVerb extends Verb implements Callable<Integer> {

    private static final int LIMIT_MAX = 1_000;

    @Mixin
    AdminClient node = new AdminClient();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "at most, 1 to 1000; default 100")
    int limit = 100;

    @Option(names = "--after", paramLabel = "ID", description = "begin after this one")
    @Nullable
    UUID after;

    @Mixin
    JsonOption output = new JsonOption();

    @Override
    public Integer call() {
        CommandLine self = commandLine();
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new ParameterException(self, "--limit is 1 to " + LIMIT_MAX);
        }
        String body = node.get("/admin/dead-letters?limit=" + limit + (after == null ? "" : "&after=" + after));
        if (output.json) {
            self.getOut().println(body);
        } else {
            print(self.getOut(), new JsonObject(body));
        }
        self.getOut().flush();
        return ExitCodes.OK;
    }

    private static void print(PrintWriter out, JsonObject page) {
        JsonArray letters = page.getJsonArray("deadLetters", new JsonArray());
        if (letters.isEmpty()) {
            out.println("no dead letters");
        }
        for (int i = 0; i < letters.size(); i++) {
            JsonObject letter = letters.getJsonObject(i);
            String key = letter.getString("clientOrderId");
            out.printf(
                    "%s  %s  order %s%s%n    %s%n",
                    letter.getString("id"),
                    letter.getString("diedAt"),
                    letter.getString("orderId"),
                    key == null ? "" : "  " + letter.getString("account") + "/" + key,
                    printable(letter.getString("reason", "")));
        }
        if (page.getString("next") != null) {
            out.println("and more: sluice dead list --after " + page.getString("next"));
        }
    }

    /** PostgreSQL's words may quote what a client sent. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
