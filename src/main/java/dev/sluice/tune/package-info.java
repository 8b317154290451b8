/**
 * What a search needs of this machine: nodes as child processes, the generator of {@code load.http}, a clock, and what is
 * written at the end.
 *
 * <pre>
 * TuneRun ──Trial──▶ Bench ──▶ Nodes ──▶ ChildNode (serve, warmed once, told by PATCH /admin/verticles)
 *    ▲                 └────▶ TrialLoad ──HTTP──▶ the node ──▶ ScratchRows: a database of its own
 *    └──Measurement──────────────┘
 * TuneResult ──▶ TunedFile (conf/tuned.yaml), TuneReport (HTML), TuneJson, TuneText
 * </pre>
 */
@NullMarked
package dev.sluice.tune;

import org.jspecify.annotations.NullMarked;
