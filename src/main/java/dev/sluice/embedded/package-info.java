/**
 * The real PostgreSQL of {@code sluice dev} and of the tests, owned by process id and kept in a data directory.
 *
 * <pre>
 * DataDirectory (lock) ─▶ BundledPostgres ─┬▶ PostgresBinaries   unpack once
 *                                          ├▶ ServerProcesses    end what a kill -9 left behind
 *                                          ├▶ ConnectionFile     port and password, kept
 *                                          ├▶ PostgresCluster    initdb once
 *                                          └▶ pg_ctl start, stop (ExternalCommand, Privileges, ServerSettings)
 * </pre>
 *
 * Everything here blocks: never call it on an event loop.
 */
@NullMarked
package dev.sluice.embedded;

import org.jspecify.annotations.NullMarked;
