/**
 * A load run under way, whatever carries its orders.
 *
 * <pre>
 * Schedule ─due─▶ LoadRun ─▶ OrderFeed fills the Shipment of a Line, which makes the request of OrderDocuments
 *                    │            │  end of the loop's turn: HistoryWriter.write(), then every line is flushed
 *                    │            ▼
 *                 Tally ◀── RunRecord ◀── AnswerReader ◀── Line ◀── node
 * </pre>
 *
 * One loop, because one is enough for several times what a node answers and what it owns needs no locks; whether it was
 * enough is measured ({@link dev.sluice.load.run.ClientWatch}), not assumed.
 */
@NullMarked
package dev.sluice.load.run;

import org.jspecify.annotations.NullMarked;
