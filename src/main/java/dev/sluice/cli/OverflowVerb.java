package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice overflow}: the queue that takes what PostgreSQL cannot take now. */
@Command(
        name = "overflow",
        description = "Look at the overflow of a running node.",
        subcommands = OverflowStatusVerb.class)
final class OverflowVerb extends VerbGroup {}
