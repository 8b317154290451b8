package dev.sluice.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.embedded.BundledServer.Options;
import dev.sluice.rig.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's role owns its database and can do nothing beyond it, also in a data directory of an earlier release. */
@Tag("process")
class PostgresRoleTest {

    @TempDir
    Path temp;

    private DataDirectory directory;
    private Path home;

    @BeforeEach
    void takeFolderWithProgramsAlone() throws Exception {
        directory = DataDirectory.open(temp.resolve("data"));
        TestPostgres.seed(directory.path());
        home = directory.path().resolve("postgres");
        KeptFiles.deleteTree(home.resolve("cluster"));
    }

    @AfterEach
    void release() throws Exception {
        directory.close();
    }

    private BundledPostgres start() {
        return BundledPostgres.start(directory, Options.defaults());
    }

    private static void assertRefused(String uri, String sql) {
        var refused = assertThrows(IllegalStateException.class, () -> TestPostgres.execute(uri, sql));
        String why = String.valueOf(refused.getCause());
        assertTrue(why.contains("42501"), sql + ": " + why);
    }

    private static void assertOwnsItsDatabaseAndNoMore(String uri) {
        assertEquals(
                "false", TestPostgres.queryText(uri, "select rolsuper from pg_roles where rolname = current_user"));
        assertEquals(
                "sluice",
                TestPostgres.queryText(
                        uri, "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"));
        Stream.of(
                        "copy (select 1) to program 'cat'",
                        "copy (select 1) to '/tmp/sluice-written'",
                        "select pg_read_file('/etc/passwd')",
                        "select lo_import('/etc/passwd')",
                        "alter system set fsync = off",
                        "create role other superuser",
                        "create role other",
                        "create database other",
                        "alter role sluice superuser",
                        "set session authorization sluice_superuser",
                        "create function f() returns void language c as 'libc', 'abort'")
                .forEach(sql -> assertRefused(uri, sql));
        TestPostgres.execute(uri, "create schema own create table t (n int)");
        TestPostgres.execute(uri, "drop schema own cascade");
    }

    @Test
    void aNewRoleOwnsItsDatabaseAndNoMore() {
        String uri;
        try (BundledPostgres server = start()) {
            uri = server.uri();
            assertOwnsItsDatabaseAndNoMore(uri);
            String asSuperuser = uri.replaceFirst("//sluice:", "//" + PostgresRole.SUPERUSER + ":");
            assertThrows(IllegalStateException.class, () -> TestPostgres.execute(asSuperuser, "select 1"));
        }
        try (BundledPostgres server = start()) {
            assertEquals(uri, server.uri());
            assertEquals("1", TestPostgres.queryText(uri, "select 1"));
        }
    }

    /** As the release before made it: the role that the node uses is initdb's superuser. */
    private void createAsBefore() throws Exception {
        String password = ConnectionFile.of(home, "PostgreSQL").password();
        Path passwordFile = home.resolve("password.partial");
        KeptFiles.writeSecret(passwordFile, password + "\n");
        String initdb = Binaries.postgres(home).resolve("initdb").toString();
        Privileges.dropped(new ExternalCommand(home))
                .run(
                        "initdb",
                        List.of(
                                initdb,
                                "--pgdata=" + home.resolve("cluster"),
                                "--username=sluice",
                                "--pwfile=" + passwordFile,
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--no-locale"),
                        "",
                        Duration.ofMinutes(1));
        Files.writeString(home.resolve("cluster/sluice.role"), "kept from being demoted\n");
        TestPostgres.sql(home, "create database sluice");
    }

    @Test
    void theSuperuserOfAnEarlierReleaseIsDemotedAndKeepsEverything() throws Exception {
        createAsBefore();
        String uri;
        try (BundledPostgres server = start()) {
            uri = server.uri();
            assertEquals("true", TestPostgres.queryText(uri, "select rolsuper from pg_roles where rolname = 'sluice'"));
            Pattern.compile(";")
                    .splitAsStream("create table orders (n int primary key, s serial); insert into orders values (42);"
                            + "create view v as select * from orders; create schema \"My schema\";"
                            + "create table \"My schema\".\"T\" (n int); create sequence alone;"
                            + "create type colour as enum ('red'); create domain d as int;"
                            + "create function f(int) returns int language sql return $1;"
                            + "create table p (n int) partition by hash (n);"
                            + "create table p0 partition of p for values with (modulus 1, remainder 0)")
                    .forEach(sql -> TestPostgres.execute(uri, sql));
        }
        Files.delete(home.resolve("cluster/sluice.role"));

        try (BundledPostgres server = start()) {
            assertEquals(uri, server.uri());
            assertOwnsItsDatabaseAndNoMore(uri);
            assertEquals("42", TestPostgres.queryText(uri, "select n from orders"));
            assertEquals(
                    "0",
                    TestPostgres.queryText(
                            uri,
                            "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace where relowner"
                                    + " = 10 and nspname !~ '^pg_' and nspname <> 'information_schema'"));
            Stream.of(
                            "insert into orders values (43)",
                            "alter table orders add c int",
                            "drop view v",
                            "drop schema \"My schema\" cascade",
                            "drop function f(int)",
                            "drop type colour",
                            "drop domain d",
                            "drop sequence alone",
                            "drop table p")
                    .forEach(sql -> TestPostgres.execute(uri, sql));
            assertTrue(Files.exists(home.resolve("cluster/sluice.role")));
        }
        Files.delete(home.resolve("cluster/sluice.role")); // as if the power had failed before it was written
        try (BundledPostgres server = start()) {
            assertEquals("43", TestPostgres.queryText(server.uri(), "select max(n) from orders"));
            assertFalse(server.uri().isEmpty());
        }
    }
}
