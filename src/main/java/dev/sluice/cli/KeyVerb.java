package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice key}: who may use a node. */
@Command(
        name = "key",
        description = "Keys of clients and operators: in the table api_keys, or in auth.keysFile.",
        subcommands = {KeyCreateVerb.class, KeyListVerb.class, KeyRotateVerb.class, KeyRevokeVerb.class})
final class KeyVerb extends VerbGroup {}
