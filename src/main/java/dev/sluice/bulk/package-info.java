/**
 * The lines of a bulk request and their rules: where each order lies in the body, which lines share a key, how many
 * may be outstanding, what the answer says. Pure: no Vert.x, no clock, no I/O.
 *
 * <pre>
 * chunks ─▶ BulkBody ─▶ BulkSplitter (Ndjson, Array) ─▶ BulkLines     where each order is
 *              │
 *              └─ parse(line) ─▶ DuplicateKeys ─▶ the lines to send     at most BulkWindow outstanding
 *
 * OrderResult of each line ─▶ ResultLines, BulkTally ─▶ the answer and its status
 * </pre>
 */
@NullMarked
package dev.sluice.bulk;

import org.jspecify.annotations.NullMarked;
