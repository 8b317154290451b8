package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice load}: generators. */
@Command(
        name = "load",
        description = "Generate load.",
        subcommands = {LoadHttpVerb.class, LoadBusVerb.class})
final class LoadVerb extends VerbGroup {}
