package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice dead}: queued orders that PostgreSQL will never take. */
@Command(
        name = "dead",
        description = "List, replay or discard the dead letters of a running node.",
        subcommands = {DeadListVerb.class, DeadReplayVerb.class, DeadDiscardVerb.class})
final class DeadVerb extends VerbGroup {}
