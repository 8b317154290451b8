package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice db}: the database. */
@Command(name = "db", description = "Work on the database.", subcommands = DbMigrateVerb.class)
final class DbVerb extends VerbGroup {}
