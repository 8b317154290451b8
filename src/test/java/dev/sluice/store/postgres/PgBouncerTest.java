package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.PgBouncer;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import dev.sluice.store.UnfitStoreException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind Debian's PgBouncer, 1.18 in Debian 12. */
@Tag("contract")
@Timeout(120)
class PgBouncerTest {

    private static final String TRANSACTION = "pool_mode = transaction";
    private static final String SESSION = "pool_mode = session";
    private static final String IGNORES =
            "ignore_startup_parameters = statement_timeout,lock_timeout,extra_float_digits";

    private final String uri = TestPostgres.freshDatabase();

    private static void assertLosesStatements(Throwable refusal) {
        UnfitStoreException verdict = assertInstanceOf(UnfitStoreException.class, refusal);
        assertTrue(verdict.what().contains("PgBouncer before 1.21"), verdict.what());
        assertTrue(verdict.mend().contains("max_prepared_statements"), verdict.mend());
        assertTrue(verdict.mend().contains("pool_mode = session"), verdict.mend());
    }

    @ParameterizedTest
    @ValueSource(strings = {TRANSACTION, TRANSACTION + "\n" + IGNORES})
    void aPoolerThatLosesStatementsIsNamedAtTheStart(String settings) throws Exception {
        PgRig.up(PgRig.config(uri)).close();
        try (PgBouncer pooler = PgBouncer.start(uri, settings);
                PgRig rig = PgRig.start(PgRig.config(pooler.uri()))) {
            rig.await("a verdict", () -> rig.refusals.stream().anyMatch(UnfitStoreException.class::isInstance));
            assertLosesStatements(rig.refusals.stream()
                    .filter(UnfitStoreException.class::isInstance)
                    .findFirst()
                    .orElseThrow());
        }
    }

    /** With one session for all, a statement of the same name is there already. */
    @Test
    void withOneSessionItIsNamedWhenAStatementIsLost() throws Exception {
        try (PgBouncer pooler = PgBouncer.start(uri, TRANSACTION, "default_pool_size = 1");
                PgRig rig = PgRig.start(PgRig.config(pooler.uri()))) {
            rig.await("one of both", () -> rig.isUp() || !rig.refusals.isEmpty());
            for (int i = 0; i < 20 && rig.refusals.isEmpty(); i++) {
                TestOrders.many(Node.key(), 2).forEach(order -> insertSomehow(rig, order));
            }
            rig.await("a verdict", () -> rig.refusals.stream().anyMatch(UnfitStoreException.class::isInstance));
        }
    }

    private static void insertSomehow(PgRig rig, Order order) {
        try {
            rig.insert(List.of(order), 2_000);
        } catch (StoreFailure lost) {
            assertTrue(lost.kind() != StoreFailure.Kind.REFUSED, lost.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SESSION, SESSION + "\n" + IGNORES})
    void inSessionModeEverythingWorks(String settings) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(uri, settings);
                Node node = Node.start(pooler.uri(), "overflow.enabled=false");
                OrderClient client = node.client()) {
            for (int i = 0; i < 20; i++) {
                assertEquals(201, client.post(TestOrders.document("k" + i)).status());
            }
            assertEquals(201, client.post(TestOrders.document("k1")).status(), "a replay");
            assertEquals(422, client.post(TestOrders.document("k1", 2)).status());
            TestPostgres.execute(
                    uri, "alter table orders add constraint refuse check (client_order_id not like 'bad%')");
            String lines = client.bulk(
                            TestOrders.document("bad1"), TestOrders.document("new1"), TestOrders.document("bad2"))
                    .body();
            assertEquals(
                    List.of("422", "201", "422"),
                    lines.lines()
                            .map(line -> line.replaceFirst(".*\"status\":(\\d+).*", "$1"))
                            .toList());
        }
    }
}
