package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.order.Outcome;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnfitStoreException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that takes no orders as it is: seen before the first order, with a mend that works when pasted. */
@Tag("contract")
class UnfitDatabaseTest {

    private final String owner = TestPostgres.freshDatabase();
    private final String database = owner.substring(owner.lastIndexOf('/') + 1);
    private final String role = "r" + database;
    private final String uri = owner.replaceFirst("//[^@]+@", "//" + role + ":secret@");

    UnfitDatabaseTest() {
        sql("create role " + role + " login password 'secret'");
    }

    private void sql(String statement) {
        TestPostgres.execute(owner, statement.replace("ROLE", role));
    }

    private void migrated() {
        PgRig.up(PgRig.config(owner)).close();
    }

    private UnfitStoreException verdict() {
        try (PgRig rig = PgRig.start(PgRig.config(uri))) {
            rig.await("a verdict", () -> !rig.refusals.isEmpty());
            assertFalse(rig.isUp());
            UnfitStoreException verdict = assertInstanceOf(UnfitStoreException.class, rig.refusals.get(0));
            assertTrue(verdict.what().contains("role " + role + " in database " + database), verdict.what());
            assertFalse(verdict.getMessage().contains("secret"), verdict.getMessage());
            return verdict;
        }
    }

    /** What the mend has from its first statement on. */
    private static String statements(String mend) {
        return mend.replaceFirst("(?s)^.*?((CREATE|GRANT|ALTER|DROP) .*;).*$", "$1");
    }

    private void assertTakesOrdersAfter(String mend) {
        TestPostgres.execute(owner, statements(mend));
        assertTakesOrders();
    }

    private void assertTakesOrders() {
        try (PgRig rig = PgRig.up(PgRig.config(uri))) {
            assertInstanceOf(
                    Outcome.Committed.class,
                    rig.insert(TestOrders.many(Node.key(), 1), 10_000).get(0));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "42501; revoke create on schema public from public",
                "3F000; drop schema public",
                "3F000; revoke usage on schema public from public",
                "3F000; alter role ROLE set search_path = nowhere",
            })
    void aRoleThatMayNotMakeTheTable(String sqlState, String made) {
        sql(made);
        UnfitStoreException verdict = verdict();
        assertTrue(verdict.what().contains(sqlState), verdict.what());
        assertTakesOrdersAfter(verdict.mend());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table orders (id int primary key, customer text)",
                "create table orders (id uuid primary key)",
                "create view orders as select 1 as id",
                "create materialized view orders as select 1 as id",
                "create sequence orders",
                "create type orders as (id uuid)",
                "create foreign data wrapper w; create server s foreign data wrapper w;"
                        + " create foreign table orders (id uuid) server s",
            })
    void anotherRelationHasTheName(String made) {
        sql("grant create on schema public to public");
        sql(made);
        UnfitStoreException verdict = verdict();
        assertTrue(verdict.what().contains("42P07") || verdict.what().contains("42710"), verdict.what());
        assertTakesOrdersAfter(verdict.mend());
        assertEquals("1", TestPostgres.queryText(uri, "select count(*)::text from sluice.orders"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"select on orders", "insert on orders", "select on sluice_migrations"})
    void aRoleThatMayNotUseTheTable(String missing) {
        migrated();
        sql("grant select on sluice_migrations to ROLE; grant select, insert on orders to ROLE");
        assertTakesOrders();
        sql("revoke " + missing + " from ROLE");
        UnfitStoreException verdict = verdict();
        assertTrue(verdict.what().contains("42501"), verdict.what());
        assertTakesOrdersAfter(verdict.mend());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "42P01; drop table orders",
                "42703; alter table orders drop column attributes",
                "42703; alter table orders rename column total to sum",
                "42P10; alter table orders drop constraint orders_pkey",
                "column total is integer; alter table orders alter column total type int",
                "column total is numeric(12,2); alter table orders alter column total type numeric(12,2)",
                "column items is json; alter table orders alter column items type json",
                "column customer_id is character varying(8); alter table orders alter column customer_id type varchar(8)",
                "column accepted_at is timestamp without; alter table orders alter column accepted_at type timestamp",
                "column shop must have a value; alter table orders add column shop text not null",
                "0A000; create rule r as on insert to orders do instead nothing",
                "0A000; create rule r as on insert to orders do also notify orders",
            })
    void aTableThatIsNotAsItWasMade(String said, String change) {
        migrated();
        sql("grant select on sluice_migrations to ROLE; grant all on orders to ROLE");
        sql(change);
        UnfitStoreException verdict = verdict();
        assertTrue(verdict.what().contains(said), verdict.what());
        assertTakesOrdersAfter(verdict.mend());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table orders alter column customer_id type varchar",
                "alter table orders add column shop text not null default 'main'",
                "alter table orders add column n bigint generated always as identity",
                "alter table orders add column note text",
                "alter table orders owner to ROLE",
            })
    void aTableThatTakesOrdersAllTheSame(String change) {
        migrated();
        sql("grant select on sluice_migrations to ROLE; grant select, insert on orders to ROLE");
        sql(change);
        assertTakesOrders();
    }

    @Test
    void itIsLookedAtAgainAndUsedWhenItIsMended() {
        sql("revoke create on schema public from public");
        try (PgRig rig = PgRig.start(PgRig.config(uri))) {
            rig.await("a verdict", () -> !rig.refusals.isEmpty());
            sql("grant create on schema public to ROLE");
            rig.await("it is up", rig::isUp);
        }
    }

    /** As the release before left it: the table of keys is missing, and this role may not make it. */
    private void atVersionOne() {
        migrated();
        sql("drop table api_keys; delete from sluice_migrations where version = 2;"
                + " revoke create on schema public from public;"
                + " grant select on sluice_migrations to ROLE; grant select, insert on orders to ROLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.mode=off", "auth.mode=jwt", "auth.keysFile=/etc/sluice/keys.json"})
    void aDatabaseOfTheReleaseBeforeServesWhereNoKeyIsReadFromIt(String set) {
        atVersionOne();
        SluiceConfig config = set.contains("keysFile")
                ? PgRig.config(uri, 50_000, set, "auth.mode=keys")
                : PgRig.config(uri, 50_000, set);
        try (PgRig rig = PgRig.up(config)) {
            assertInstanceOf(
                    Outcome.Committed.class,
                    rig.insert(TestOrders.many(Node.key(), 1), 10_000).get(0));
        }
    }

    @Test
    void whereKeysAreReadFromItItIsToBeMigrated() {
        atVersionOne();
        try (PgRig rig = PgRig.start(PgRig.config(uri, 50_000, "auth.mode=keys"))) {
            rig.await("a verdict", () -> !rig.refusals.isEmpty());
            UnfitStoreException verdict = assertInstanceOf(UnfitStoreException.class, rig.refusals.get(0));
            assertTrue(verdict.mend().contains("sluice db migrate"), verdict.mend());
        }
        migrated();
        sql("grant select on api_keys to ROLE");
        PgRig.up(PgRig.config(uri, 50_000, "auth.mode=keys")).close();
    }
}
