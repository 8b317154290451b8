package dev.sluice.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sluice dead replay ID}: queue it again, after what made PostgreSQL refuse it was mended. */
@Command(name = "replay", description = "Queue a dead letter again: PostgreSQL judges it anew.")
final class DeadReplayVerb extends DeadLetterVerb implements Callable<Integer> {

    @Override
    public Integer call() {
        return print(node.post(target() + "/replay"), "queued again");
    }
}
