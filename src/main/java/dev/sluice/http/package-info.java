/**
 * The HTTP side of a node: routes, one exchange per request, problem documents. Sees the dispatcher, never a store.
 *
 * <pre>
 * IntakeVerticle ── routes ──▶ SubmitHandler (POST /orders) ── OrderParser ──▶ OrderDispatcher
 *       │                      BulkHandler (POST /orders/batch) ─ bulk.BulkBody, split as it comes
 *       │                        └─ intake.BulkTurns ─ BulkRun ──────────▶ OrderDispatcher, bulk priority
 *       │                      LookupHandler (GET /orders/{id}) ────────────▶ OrderDispatcher
 *       ├─ listener.Connections: bound, slow and idle ones closed
 *       └─ Exchanges:   every request is answered within the HTTP deadline
 * </pre>
 */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
