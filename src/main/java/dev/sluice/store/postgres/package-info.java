/**
 * Orders in PostgreSQL.
 *
 * <pre>
 * PgOrderStore ── the least busy ─▶ ReconnectingConnection ── made and ended by ─▶ PgConnector
 *   InsertCall                        pipelined; killed when                        Preparation: DurabilityCheck,
 *                                     a statement passes its deadline               Migrations, TableCheck, PoolerCheck,
 *                                                                                   UnfitDatabase, Hazards
 *   InsertStatement: SQL, parameters
 *   FindStatement: from rows to orders
 *   SqlStates: what an error means
 * </pre>
 */
@NullMarked
package dev.sluice.store.postgres;

import org.jspecify.annotations.NullMarked;
