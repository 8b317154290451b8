/**
 * A load run, and what becomes of it. Nothing here knows how an order travels; {@code load.http} and {@code
 * load.bus} do.
 *
 * <pre>
 * Schedule ──when──▶ load.run ──what was heard──▶ Tally ──▶ LoadResult ──▶ ResultText, ResultJson, HtmlReport
 *                        │                                       │
 *                        ▼                                       └──▶ Threshold (exit 99)
 *                  load.history ──▶ load.verify ──▶ what was acknowledged and is not there
 * </pre>
 */
@NullMarked
package dev.sluice.load;

import org.jspecify.annotations.NullMarked;
