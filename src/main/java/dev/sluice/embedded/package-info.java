/**
 * The real PostgreSQL and Redis of {@code sluice dev} and of the tests, owned by process id and kept in a data
 * directory.
 *
 * <pre>
 * DataDirectory (an OwnFolder, lock) ─┬▶ BundledPostgres: PostgresCluster (initdb once), PostgresRole, PostgresSettings
 *                                     └▶ BundledRedis: RedisSettings (redis.conf), redis-server
 * BundledServer: what both share: Binaries (unpacked once), ConnectionFile (port and password, kept), ServerProcesses
 *   (ends what a kill -9 left behind), ExternalCommand behind Privileges
 * BundledServers: both at once
 * </pre>
 *
 * What is kept, below the data directory:
 *
 * <pre>
 * sluice.lock                      held while a process has the directory; names it
 * postgres/connection.properties   port and password, mode 600
 * postgres/binaries-VERSION/       PostgreSQL's programs
 * postgres/cluster/                PostgreSQL's data; sluice.conf in it holds the tuning, sluice.role says that the
 *                                  role of the node is no superuser
 * postgres/postgres.log            what the server says; postgres.log.1 is older
 * postgres/command.log             what the last initdb or pg_ctl said
 * postgres/*.partial               not finished: deleted by the next start
 * redis/connection.properties      port and password, mode 600
 * redis/redis.conf                 written at each start, mode 600
 * redis/binaries-VERSION/          Redis's program
 * redis/data/                      Redis's append-only file, mode 700; redis.pid
 * redis/redis.log                  what the server says; redis.log.1 is older
 * </pre>
 *
 * Everything here blocks: never call it on an event loop.
 */
@NullMarked
package dev.sluice.embedded;

import org.jspecify.annotations.NullMarked;
