package dev.sluice.store.postgres;

import dev.sluice.rig.TestPostgres;
import dev.sluice.store.OrderStoreContract;
import org.junit.jupiter.api.Tag;

/** PostgreSQL keeps the contract of the port. */
@Tag("contract")
class PgOrderStoreTest extends OrderStoreContract {

    private static final String URI = TestPostgres.freshDatabase();

    @Override
    protected Rig open() {
        PgRig rig = PgRig.up(PgRig.config(URI));
        rig.execute("drop trigger if exists meddle on orders");
        rig.execute("truncate orders");
        return rig;
    }
}
