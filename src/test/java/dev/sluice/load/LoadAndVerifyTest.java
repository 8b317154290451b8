package dev.sluice.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.http.HttpLoad;
import dev.sluice.load.http.Target;
import dev.sluice.load.verify.Verdict;
import dev.sluice.load.verify.Verdict.Finding;
import dev.sluice.load.verify.Verification;
import dev.sluice.node.VerifySources;
import dev.sluice.rig.Node;
import dev.sluice.rig.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A recorded run against a node and a real PostgreSQL, with replays and invalid orders in it. Each test then changes
 * the table, and verify has to name the order.
 */
@Tag("contract")
class LoadAndVerifyTest {

    @TempDir
    static Path folder;

    private static String uri;
    private static Node node;
    private static Path history;
    private static LoadResult result;
    private static String tag;

    @BeforeAll
    static void load() throws Exception {
        uri = TestPostgres.freshDatabase();
        node = Node.start(uri, "shutdown.graceMs=0");
        Target target = new Target("127.0.0.1", node.port(), "");
        LoadSettings settings = new LoadSettings(
                target.toString(), 8, Duration.ofMillis(200), Duration.ofSeconds(1), 1_000, 1, 0.2, 0.1);
        history = folder.resolve("history");
        result = HttpLoad.start(new HttpLoad.Options(target, settings, List.of(), Duration.ofSeconds(10), history))
                .await(60_000);
        assertNotNull(result, "the run did not end");
        tag = result.tag();
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @BeforeEach
    void keepTheTable() {
        TestPostgres.execute(uri, "CREATE TABLE kept AS TABLE orders");
    }

    @AfterEach
    void restoreTheTable() {
        TestPostgres.execute(uri, "TRUNCATE orders");
        TestPostgres.execute(uri, "INSERT INTO orders TABLE kept");
        TestPostgres.execute(uri, "DROP TABLE kept");
    }

    private static Verdict verify() throws Exception {
        return Verification.of(history, VerifySources.of(SluiceConfig.of("postgres.uri=" + uri)));
    }

    /** The client order id of some row. */
    private static String someOrder() {
        return TestPostgres.queryText(uri, "SELECT client_order_id FROM orders ORDER BY id LIMIT 1");
    }

    private static void assertFinds(Finding finding, String clientOrderId) throws Exception {
        Verdict verdict = verify();
        assertEquals(1L, verdict.counts().get(finding), verdict.counts().toString());
        assertTrue(
                verdict.names(finding).get(0).startsWith(clientOrderId + " "),
                verdict.named().toString());
    }

    @Test
    void aCleanRunIsClean() throws Exception {
        Counts counts = result.counts();
        assertEquals(1_000, counts.offered() + counts.skipped(), "a cold node on a busy machine may make some skip");
        assertEquals(counts.offered(), counts.committed() + counts.refused() + counts.errors(), counts.toString());
        assertTrue(counts.refused() > 0 && counts.replayed() > 0, counts.toString());
        Verdict verdict = verify();
        assertEquals(Map.of(), verdict.counts());
        assertTrue(verdict.sent() >= counts.offered(), "and what was sent to warm up");
        assertEquals(Long.parseLong(TestPostgres.queryText(uri, "SELECT count(*) FROM orders")), verdict.rows());
    }

    @Test
    void aLostRowIsFound() throws Exception {
        String order = someOrder();
        TestPostgres.execute(uri, "DELETE FROM orders WHERE client_order_id = '" + order + "'");
        assertFinds(Finding.LOST, order);
    }

    @Test
    void aDoubledRowIsFound() throws Exception {
        String order = someOrder();
        TestPostgres.execute(
                uri,
                "INSERT INTO orders SELECT gen_random_uuid(), account, client_order_id, customer_id, currency, total,"
                        + " items, attributes, accepted_at, committed_at, fingerprint FROM orders"
                        + " WHERE client_order_id = '" + order + "'");
        assertFinds(Finding.DOUBLED, order);
    }

    @Test
    void aChangedRowIsFound() throws Exception {
        String order = someOrder();
        TestPostgres.execute(
                uri,
                "UPDATE orders SET items = jsonb_set(items, '{0,quantity}', '999') WHERE client_order_id = '" + order
                        + "'");
        assertFinds(Finding.CHANGED, order);
    }

    @Test
    void aRowWithAnothersContentIsFound() throws Exception {
        String order = someOrder();
        TestPostgres.execute(
                uri,
                "UPDATE orders o SET (customer_id, items, currency, fingerprint) = (SELECT customer_id, items, currency,"
                        + " fingerprint FROM orders x WHERE x.fingerprint <> o.fingerprint LIMIT 1)"
                        + " WHERE client_order_id = '" + order + "'");
        assertFinds(Finding.CHANGED, order);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "CHANGED; total = total + 1",
                "CHANGED; total = total + 0.0001",
                "CHANGED; total = 'NaN'",
                "CHANGED; items = '[]'",
                "CHANGED; items = items || items",
                "CHANGED; items = jsonb_set(items, '{0,note}', '1')",
                "CHANGED; customer_id = customer_id || ' '",
                "CHANGED; currency = 'JPY'",
                "CHANGED; attributes = coalesce(attributes, '{}') || '{\"x\":1}'",
                "CHANGED; fingerprint = sha256(fingerprint)",
                "OTHER_ID; account = 'another'",
                "OTHER_ID; id = gen_random_uuid()",
            })
    void aChangedColumnIsFound(Finding finding, String change) throws Exception {
        String order = someOrder();
        TestPostgres.execute(uri, "UPDATE orders SET " + change + " WHERE client_order_id = '" + order + "'");
        assertFinds(finding, order);
    }

    @Test
    void aRowThatWasNeverSentIsFound() throws Exception {
        rename(someOrder(), tag + "-9999999999");
        assertFinds(Finding.NEVER_SENT, tag + "-9999999999");
    }

    @Test
    void aRefusedOrderThatIsStoredIsFound() throws Exception {
        String refused = Files.readAllLines(history).stream()
                .filter(line -> line.startsWith("S ") && line.contains(" - "))
                .map(line -> line.split(" ", -1)[2])
                .findFirst()
                .orElseThrow();
        rename(someOrder(), refused);
        assertFinds(Finding.REFUSED_BUT_STORED, refused);
    }

    /** The row of one order becomes another one's. */
    private static void rename(String order, String other) {
        TestPostgres.execute(
                uri, "UPDATE orders SET client_order_id = '" + other + "' WHERE client_order_id = '" + order + "'");
    }
}
