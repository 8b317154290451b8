package dev.sluice.store.postgres;

import dev.sluice.embedded.TestPostgres;
import dev.sluice.store.OrderStoreContract;

/** PostgreSQL keeps the contract of the port. */
class PgOrderStoreTest extends OrderStoreContract {

    @Override
    protected Rig open() {
        return PgRig.up(PgRig.options(TestPostgres.freshDatabase()));
    }
}
