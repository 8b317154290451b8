/**
 * How a node is watched: health, readiness, metrics, version, on a listener and an event loop of its own.
 *
 * <pre>
 * AdminVerticle   the listener and its bounds
 *   AdminGate     whose request is served
 *   AdminRoutes ─▶ /healthz   LoopPulse    does each event loop still answer?
 *               ─▶ /readyz    Readiness    should this node get orders?
 *               ─▶ /metrics   Metrics      scraped on a worker thread
 *               ─▶ /version
 *               ─▶ /admin/…   Operations, OverflowCalls   what runs, and how the overflow fares
 * </pre>
 */
@NullMarked
package dev.sluice.admin;

import org.jspecify.annotations.NullMarked;
