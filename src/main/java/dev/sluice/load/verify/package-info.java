/**
 * {@code sluice verify}: holds a run's history against the places where its orders may be.
 *
 * <pre>
 * HistoryReader ──what was sent and heard──▶ Ledger ◀──what is there── Source: OverflowSource, PostgresRows
 *                                              │
 *                                              ▼
 *                                     Verification: every order judged
 * </pre>
 */
@NullMarked
package dev.sluice.load.verify;

import org.jspecify.annotations.NullMarked;
