/**
 * {@code sluice load http}: a lean HTTP/1.1 client on one event loop of its own.
 *
 * <pre>
 * LoadRun ─▶ LoadConnection: HttpRequests has its bytes ─▶ server
 *                 ▲                                          │
 *                 └───────────── ResponseParser ◀────────────┘
 * </pre>
 */
@NullMarked
package dev.sluice.load.http;

import org.jspecify.annotations.NullMarked;
