/**
 * Sluice for any language: the JSON contract of the event bus ({@code orders.submit}, {@code orders.committed}) and the
 * TCP bridge that carries it to clients which are no members.
 *
 * <pre>
 * member of the cluster ── orders.submit ──▶ SubmitVerticle ─┐
 *                                                            ├─▶ JsonOrders ─ OrderParser, intake.BulkRun ─▶ OrderDispatcher
 * Node.js, Python, … ── TCP ──▶ BridgeVerticle, a BridgeConnection each ─┘
 * </pre>
 */
@NullMarked
package dev.sluice.bus.json;

import org.jspecify.annotations.NullMarked;
