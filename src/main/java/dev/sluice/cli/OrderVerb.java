package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice order}: one order. */
@Command(
        name = "order",
        description = "Submit one order to a running node, or look one up.",
        subcommands = {OrderSubmitVerb.class, OrderGetVerb.class})
final class OrderVerb extends VerbGroup {}
