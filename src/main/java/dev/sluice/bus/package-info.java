/**
 * Orders and look-ups between verticles, on this node or another: addresses, messages with their wire form, and the
 * two ends. The only package that touches the event bus.
 *
 * <pre>
 * OrderDispatcher ── OrderBatch ──▶ Endpoint ── handler of the writer
 *        ◀───────── OutcomeBatch ────────┘
 * </pre>
 */
@NullMarked
package dev.sluice.bus;

import org.jspecify.annotations.NullMarked;
