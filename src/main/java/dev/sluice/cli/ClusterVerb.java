package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice cluster}: the nodes that found each other. */
@Command(
        name = "cluster",
        description = "Look at the cluster of a running node.",
        subcommands = ClusterStatusVerb.class)
final class ClusterVerb extends VerbGroup {}
