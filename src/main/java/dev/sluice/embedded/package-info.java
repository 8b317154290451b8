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
 * What is kept, below the data directory:
 *
 * <pre>
 * sluice.lock                      held while a process has the directory; names it
 * postgres/connection.properties   port and password, mode 600
 * postgres/binaries-VERSION/       PostgreSQL's programs
 * postgres/cluster/                PostgreSQL's data; sluice.conf in it holds the tuning
 * postgres/postgres.log            what the server says; postgres.log.1 is older
 * postgres/command.log             what the last initdb or pg_ctl said
 * postgres/*.partial               not finished: deleted by the next start
 * </pre>
 *
 * Everything here blocks: never call it on an event loop.
 */
@NullMarked
package dev.sluice.embedded;

import org.jspecify.annotations.NullMarked;
