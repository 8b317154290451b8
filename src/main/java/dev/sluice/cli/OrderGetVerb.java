package dev.sluice.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice order get ID}, or {@code --key KEY}: where one order is. */
@Command(
        name = "get",
        description = "Say where one order is: committed, queued or dead.",
        footer = {"", "Exit codes: 0 found, 1 no such order, 4 a store cannot be asked, or no node answers."})
final class OrderGetVerb extends Verb implements Callable<Integer> {

    @ArgGroup(multiplicity = "1")
    Name name = new Name();

    @Mixin
    ApiClient api = new ApiClient();

    @Mixin
    JsonOption output = new JsonOption();

    /** One of the two. */
    static final class Name {

        @Parameters(paramLabel = "ID", description = "of the order, a UUID")
        @Nullable
        UUID id;

        @Option(names = "--key", paramLabel = "KEY", description = "its client order id")
        @Nullable
        String key;

        String target() {
            return key == null
                    ? "/orders/" + id
                    : "/orders?clientOrderId=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
        }
    }

    @Override
    public Integer call() {
        ApiClient.print(out(), api.send("GET", name.target(), Map.of(), ""), output.json);
        return ExitCodes.OK;
    }
}
