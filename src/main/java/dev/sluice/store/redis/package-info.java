/**
 * The overflow in Redis: queued orders, their drain, dead letters.
 *
 * <pre>
 * RedisOverflow ─ EnqueueCall ──┐
 * RedisDrainQueue               ├─▶ RedisCommands ─▶ ReconnectingConnection ── made and ended by ─▶ RedisConnector
 *   PartitionReader             │     transactions,     pipelined; killed when                      RedisSafety,
 *   Settling, OpenEntries       │     changes after     a command passes its deadline               LoaderRights,
 * RedisDeadLetters ─────────────┘     a look                                                        consumer groups
 *
 * sluice:{p}:stream         v, ids, q     in what order they leave; orders queued together share an entry
 * sluice:{p}:orders         order id → StoredForms     the orders
 * sluice:{p}:dead, :tombstones  dead letter id → StoredForms
 * sluice:{p}:dead-by-order  order id:dead letter id
 * sluice:{p}:lease          token of the node that drains
 * sluice:{p}:settles        touched by every settlement, so that two of them notice each other
 * </pre>
 */
@NullMarked
package dev.sluice.store.redis;

import org.jspecify.annotations.NullMarked;
