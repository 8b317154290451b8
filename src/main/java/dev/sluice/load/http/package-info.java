/**
 * {@code sluice load http}: a lean HTTP/1.1 client on one event loop of its own.
 *
 * <pre>
 * Schedule ─due─▶ LoadRun ─▶ LoadConnection: OrderFeed fills a Shipment, OrderTemplates has its bytes
 *                    │            │  end of the loop's turn: HistoryWriter.write(), then every socket is flushed
 *                    │            ▼
 *                 Tally ◀── AnswerReader ◀── ResponseParser ◀── server
 * </pre>
 *
 * One loop, because one is enough for several times what a node answers and what it owns needs no locks; whether it was
 * enough is measured ({@link ClientWatch}), not assumed.
 */
@NullMarked
package dev.sluice.load.http;

import org.jspecify.annotations.NullMarked;
