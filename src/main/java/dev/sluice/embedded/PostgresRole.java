package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role by which a node reaches its database: the owner of it and no superuser, so that SQL that gets in can neither
 * read files nor run programs. It may checkpoint, which the load scripts do before they measure. The superuser has no password and so cannot log in: only the holder of the data
 * directory becomes it, on a stopped server.
 */
final class PostgresRole {

    static final String NAME = "sluice";
    static final String SUPERUSER = "sluice_superuser";
    static final String DATABASE = "sluice";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresRole.class);
    private static final Duration SQL_LIMIT = Duration.ofMinutes(2);
    /** In a data folder whose role is no superuser; earlier releases made none. */
    private static final String MARK = "sluice.role";

    private static final String CREATE = """
            create role sluice login password '%s';

            grant pg_checkpoint to sluice;

            create database sluice owner sluice;

            alter role sluice_superuser password null;

            """;

    /** The first superuser stays one for ever and cannot rename itself: another one does it, in one transaction. */
    private static final String DEMOTE = """
            do $$ begin
            if (select rolname from pg_authid where oid = 10) = 'sluice' then
            create role sluice_rename superuser;
            set session authorization sluice_rename;
            alter role sluice rename to sluice_superuser;
            create role sluice login password '%s';
            alter role sluice_superuser password null;
            alter database sluice owner to sluice;
            end if;
            end $$;

            """;

    /** For a session of its own. Every object of the database that the superuser made and that is no part of PostgreSQL or of an extension. */
    private static final String HAND_OVER = """
            drop role if exists sluice_rename;

            grant pg_checkpoint to sluice;

            do $$ declare
            command text;
            begin
            for command in
            with own as (
            select c.oid, 'pg_class'::regclass as class, c.relnamespace as space, case c.relkind when 'v' then 'view'
            when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end
            as kind, c.oid::regclass::text as name
            from pg_class c where c.relowner = 10 and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            union all
            select oid, 'pg_proc'::regclass, pronamespace, 'routine', oid::regprocedure::text
            from pg_proc where proowner = 10
            union all
            select oid, 'pg_type'::regclass, typnamespace, 'type', oid::regtype::text
            from pg_type where typowner = 10 and typtype in ('e', 'd', 'r')
            union all
            select oid, 'pg_namespace'::regclass, oid, 'schema', quote_ident(nspname)
            from pg_namespace where nspowner = 10)
            select format('alter %%s %%s owner to sluice', kind, name)
            from own join pg_namespace n on n.oid = space
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            and not exists (select from pg_depend d where d.classid = class and d.objid = own.oid
            and (d.deptype = 'e' or kind = 'sequence' and d.deptype in ('a', 'i')))
            loop
            execute command;
            end loop;
            end $$;

            """;

    private PostgresRole() {}

    /** Makes role and database in a data folder that initdb has just made for {@link #SUPERUSER}. */
    static void create(Path cluster, String password, Path programs, ExternalCommand commands) throws IOException {
        run("creating the database " + DATABASE, CREATE.formatted(password), "postgres", cluster, programs, commands);
        mark(cluster);
    }

    /** Takes the superuser's rights from the role of an earlier release; its objects and its password stay. */
    static void demoteOnce(Path cluster, String password, Path programs, ExternalCommand commands) throws IOException {
        if (Files.exists(cluster.resolve(MARK))) {
            return;
        }
        String purpose = "taking the superuser's rights from the role " + NAME;
        LOG.info("{}: an earlier release gave them", purpose);
        run(purpose, DEMOTE.formatted(password), "postgres", cluster, programs, commands);
        run(purpose, HAND_OVER.formatted(), DATABASE, cluster, programs, commands);
        mark(cluster);
    }

    private static void mark(Path cluster) throws IOException {
        Files.writeString(cluster.resolve(MARK), "The role " + NAME + " owns its database and is no superuser.\n");
    }

    /** By a server for one user, which ends with 0 whatever became of a statement, and quotes none: of a password. */
    private static void run(
            String purpose, String sql, String database, Path cluster, Path programs, ExternalCommand commands) {
        String postgres = programs.resolve("postgres").toString();
        List<String> command = List.of(
                postgres, "--single", "-j", "-D", cluster.toString(), "-c", "log_min_error_statement=panic", database);
        ExternalCommand.Result result = commands.run(purpose, command, sql, SQL_LIMIT);
        if (result.output().contains("ERROR:")) {
            throw new BundledServerException(purpose + " failed in " + cluster + "\n" + result.output());
        }
    }
}
