/**
 * What an order is: parsing, identity, content, outcome. Pure: no Vert.x, no clock, no I/O.
 *
 * <pre>
 * bytes ─▶ OrderParser ─▶ Order (id, fingerprint, total)     ─▶ … store …  ─▶ Outcome ─▶ OrderJson ─▶ bytes
 *                     └─▶ Faults (every fault, with pointer)
 * </pre>
 */
@NullMarked
package dev.sluice.order;

import org.jspecify.annotations.NullMarked;
