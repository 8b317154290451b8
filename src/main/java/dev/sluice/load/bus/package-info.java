/**
 * {@code sluice load bus}: a member of the cluster that sends JSON to {@code orders.submit}, without HTTP, without a
 * writer, on one event loop of its own.
 *
 * <pre>
 * LoadRun ─▶ BusLine: OrderDocuments as a JSON object or array ─▶ SubmitClient ─▶ any node
 *               ▲                                                     │
 *               └──────────────────── SubmitReply ◀───────────────────┘
 * </pre>
 */
@NullMarked
package dev.sluice.load.bus;

import org.jspecify.annotations.NullMarked;
