/**
 * The overflow in Redis: queued orders, their drain, dead letters.
 *
 * <pre>
 * RedisOverflow ─ EnqueueCall ──┐
 * RedisDrainQueue         ├─▶ RedisLane ── connected by ─▶ RedisConnector (RedisSafety, consumer group)
 *   PartitionReader       │      └─ one connection, pipelined; closed when a command passes its deadline
 *   Settling, OpenEntries │
 * RedisDeadLetters ───────┘   Watched: look, decide, change, again when what was looked at changed
 *
 * sluice:{p}:stream         v, ids, q     in what order they leave; orders queued together share an entry
 * sluice:{p}:orders         order id → OrderForm       the orders
 * sluice:{p}:dead, :tombstones  dead letter id → DeadLetterForm
 * sluice:{p}:dead-by-order  order id:dead letter id
 * sluice:{p}:settles        touched by every settlement, so that two of them notice each other
 * </pre>
 */
@NullMarked
package dev.sluice.store.redis;

import org.jspecify.annotations.NullMarked;
