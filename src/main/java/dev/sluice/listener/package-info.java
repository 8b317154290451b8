/**
 * TCP and HTTP below the routes, for the intake and for the admin listener: limits, connections, bodies, problem
 * documents.
 *
 * <pre>
 * PausableTransport ── ListeningSocket, SynFilter      stops listening without a reset
 *   └─▶ Connections ── ConnectionGuard ─┬ LingeringClose   the last answer arrives
 *         bound, idle, draining         ├ http1, http2     requests are decoded strictly
 *                                       └ DrainHandler     while the instance leaves
 * HeadCheck ── Authority                                a host that is served, no page of another site
 * BodyReader                                            one body up to its limit, within the node's budget
 * Documentation ── StaticFile                           the contract, and a page to try it on
 * Problem ── ProblemType                                RFC 9457
 * </pre>
 */
@NullMarked
package dev.sluice.listener;

import org.jspecify.annotations.NullMarked;
