/**
 * Orders in PostgreSQL.
 *
 * <pre>
 * PgOrderStore ── picks a free ─▶ PgLane ── connected by ─▶ PgConnector (check durability, migrate)
 *      │                            │
 *      │                            └─ one connection, pipelined; closed when a batch passes its deadline
 *      └─ InsertStatement (SQL, parameters), FindStatement (rows back to orders), SqlStates (what an error means)
 * </pre>
 */
@NullMarked
package dev.sluice.store.postgres;

import org.jspecify.annotations.NullMarked;
