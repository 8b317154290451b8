package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice tune}: the setting for this machine. */
@Command(name = "tune", description = "Find the best setting for this machine.", subcommands = TuneRunVerb.class)
final class TuneVerb extends VerbGroup {}
