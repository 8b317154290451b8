/**
 * The command line: one class per verb. Results go to stdout, everything else to stderr; the exit code is one of
 * {@link dev.sluice.cli.ExitCodes}.
 */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
