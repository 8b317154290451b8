package dev.sluice.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("process")
class TestPostgresTest {

    @Test
    void freshDatabasesShareNothing() {
        String one = TestPostgres.freshDatabase();
        String two = TestPostgres.freshDatabase();
        TestPostgres.execute(one, "create table t(id int)");

        assertNotEquals(one, two);
        assertEquals("1", TestPostgres.queryText(one, "select count(*) from pg_tables where tablename = 't'"));
        assertEquals("0", TestPostgres.queryText(two, "select count(*) from pg_tables where tablename = 't'"));
    }
}
