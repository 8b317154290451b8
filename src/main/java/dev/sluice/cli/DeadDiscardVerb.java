package dev.sluice.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sluice dead discard ID}: give it up; the order stays visible as a tombstone. */
@Command(name = "discard", description = "Give a dead letter up; a tombstone stays.")
final class DeadDiscardVerb extends DeadLetterVerb implements Callable<Integer> {

    @Override
    public Integer call() {
        return print(node.delete(target()), "discarded");
    }
}
