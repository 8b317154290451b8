package dev.sluice.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.Excess.Limit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountQuotaTest {

    private static final long START_NANOS = -7_000_000_000L; // a clock of elapsed time begins anywhere

    private final Metrics metrics = Metrics.on("test");
    private final AtomicLong nanos = new AtomicLong(START_NANOS);

    @AfterEach
    void close() {
        metrics.close();
    }

    private Quotas quotas(String... limits) {
        String[] sets =
                Arrays.stream(limits).map(limit -> "quota.default." + limit).toArray(String[]::new);
        return new Quotas(SluiceConfig.of(sets).quota(), metrics, nanos::get);
    }

    private AccountQuota quota(String... limits) {
        return quotas(limits).of("shop");
    }

    private void pass(long ms) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    private static int admittedOf(AccountQuota quota, int requests) {
        return (int) IntStream.range(0, requests)
                .filter(i -> quota.admit(1, 10) == null)
                .count();
    }

    @Test
    void withoutLimitsNothingIsRefusedAndNothingIsSaid() {
        AccountQuota quota = quota();
        assertEquals(10_000, admittedOf(quota, 10_000));
        assertNull(quota.admitBulk(8 << 20));
        assertNull(quota.takeRest(10_000));
        assertNull(quota.takeConnection());
        assertNull(quota.rateLimit());
        assertNull(quota.rateLimitPolicy());
    }

    @Test
    void asManyAsTheRateComeAtOnceAndThenThatManyASecond() {
        AccountQuota quota = quota("ordersPerSecond=100");
        assertEquals(100, admittedOf(quota, 150));
        pass(500);
        assertEquals(50, admittedOf(quota, 100));
        pass(60_000);
        assertEquals(100, admittedOf(quota, 1_000));
    }

    @Test
    void aBurstComesAtOnceAndIsRefilledAtTheRate() {
        AccountQuota quota = quota("ordersPerSecond=10", "burst=50");
        assertEquals(50, admittedOf(quota, 60));
        pass(1_000);
        assertEquals(10, admittedOf(quota, 60));
    }

    @Test
    void aRefusalSaysWhatIsUsedUpAndWhenToComeAgain() {
        AccountQuota quota = quota("ordersPerSecond=1", "burst=3");
        assertEquals(3, admittedOf(quota, 3));
        Excess excess = quota.admit(1, 10);
        assertEquals(Limit.ORDERS, excess.limit());
        assertEquals(1, excess.retryAfterSeconds());
        assertTrue(excess.detail().contains("shop") && excess.detail().contains("ordersPerSecond"), excess.detail());
        pass(1_000);
        assertNull(quota.admit(1, 10));
    }

    /** At the burst, one below and one above. */
    @ParameterizedTest
    @CsvSource({"99, true", "100, true", "101, false"})
    void aBulkRequestOfNTakesN(int orders, boolean fits) {
        AccountQuota quota = quota("ordersPerSecond=1", "burst=100");
        assertNull(quota.admitBulk(10));
        Excess excess = quota.takeRest(orders);
        assertEquals(fits, excess == null);
        assertEquals(fits ? 100 - orders : 100, admittedOf(quota, 200));
        assertTrue(fits || excess.isForGood(), "more than there ever is at once is refused for good");
    }

    @Test
    void aBulkRequestIsTakenWholeOrNotAtAll() {
        AccountQuota quota = quota("ordersPerSecond=10", "burst=100");
        assertEquals(40, admittedOf(quota, 40));
        assertNull(quota.admitBulk(10));
        Excess excess = quota.takeRest(61);
        assertFalse(excess.isForGood());
        assertEquals(1, excess.retryAfterSeconds());
        assertEquals(60, admittedOf(quota, 100), "the first order of it went back too");
    }

    @Test
    void whatWasNotStoredGoesBackUpToTheBurst() {
        AccountQuota quota = quota("ordersPerSecond=10");
        assertEquals(10, admittedOf(quota, 20));
        quota.giveBack(4);
        assertEquals(4, admittedOf(quota, 20));
        quota.giveBack(400);
        assertEquals(10, admittedOf(quota, 20));
    }

    @Test
    void bytesMayGoBelowZeroAndAreWaitedFor() {
        AccountQuota quota = quota("bytesPerSecond=1000");
        assertNull(quota.admit(1, 3_000), "one request longer than a second's bytes is taken");
        Excess excess = quota.admit(1, 1);
        assertEquals(Limit.BYTES, excess.limit());
        assertEquals(3, excess.retryAfterSeconds());
        pass(2_001);
        assertNull(quota.admit(1, 0), "a body whose length is not known counts when it is whole");
        quota.spent(500);
        assertNotNull(quota.admit(1, 1));
    }

    @Test
    void aRequestThatHasNoOrderLeftCostsNoBytes() {
        AccountQuota quota = quota("bytesPerSecond=1000", "ordersPerSecond=1");
        assertEquals(1, admittedOf(quota, 50));
        pass(1_000);
        assertEquals("\"default\";r=1;t=0, \"default-bytes\";r=1000;t=0", quota.rateLimit());
    }

    @Test
    void bulkRequestsAndConnectionsAreCountedUntilTheyEnd() {
        AccountQuota quota = quota("concurrentBulk=2", "connections=1");
        assertNull(quota.admitBulk(1));
        assertNull(quota.admitBulk(1));
        assertEquals(Limit.CONCURRENT_BULK, quota.admitBulk(1).limit());
        quota.bulkEnded();
        assertNull(quota.admitBulk(1));
        assertNull(quota.takeConnection());
        assertEquals(Limit.CONNECTIONS, quota.takeConnection().limit());
        quota.connectionEnded();
        assertNull(quota.takeConnection());
    }

    @Test
    void aBulkRequestThatIsRefusedForItsFirstOrderIsNotInProgress() {
        AccountQuota quota = quota("concurrentBulk=1", "ordersPerSecond=1");
        assertEquals(1, admittedOf(quota, 1));
        assertEquals(Limit.ORDERS, quota.admitBulk(1).limit());
        pass(1_000);
        assertNull(quota.admitBulk(1));
    }

    @ParameterizedTest
    @CsvSource({"ordersPerSecond", "bytesPerSecond"})
    void zeroIsNothing(String limit) {
        AccountQuota quota = quota(limit + "=0");
        assertTrue(quota.admit(1, 1).retryAfterSeconds() > 60);
        pass(3_600_000);
        assertNotNull(quota.admit(1, 1));
        assertTrue(quota.rateLimit().contains(";r=0;"), quota.rateLimit());
    }

    @Test
    void zeroBulkRequestsAndConnectionsAreNoneAlsoInACluster() {
        Quotas quotas = quotas("concurrentBulk=0", "connections=0");
        quotas.share(5);
        assertNotNull(quotas.of("a").admitBulk(1));
        assertNotNull(quotas.of("a").takeConnection());
    }

    @Test
    void theFieldsSayWhatIsLeft() {
        AccountQuota quota = quota("ordersPerSecond=100", "burst=500");
        assertEquals("\"default\";q=500;w=5", quota.rateLimitPolicy());
        assertEquals(80, admittedOf(quota, 80));
        assertEquals("\"default\";r=420;t=1", quota.rateLimit());
        AccountQuota both = quota("ordersPerSecond=100", "bytesPerSecond=1000");
        assertEquals(
                "\"default\";q=100;w=1, \"default-bytes\";q=1000;w=1;qu=\"content-bytes\"", both.rateLimitPolicy());
    }

    @Test
    void anAccountWithLimitsOfItsOwnHasNoneOfTheDefault() {
        Quotas quotas = new Quotas(
                SluiceConfig.of(
                                "quota.default.ordersPerSecond=1",
                                "quota.default.concurrentBulk=1",
                                "quota.accounts.big.shop.ordersPerSecond=20")
                        .quota(),
                metrics,
                nanos::get);
        assertEquals(20, admittedOf(quotas.of("big.shop"), 30));
        assertEquals("\"big.shop\";q=20;w=1", quotas.of("big.shop").rateLimitPolicy());
        pass(10_000);
        assertNull(quotas.of("big.shop").admitBulk(1));
        assertNull(quotas.of("big.shop").admitBulk(1));
        assertEquals(1, admittedOf(quotas.of("other"), 30));
        assertEquals(1, admittedOf(quotas.of("third"), 30), "each account has its own");
    }

    @Test
    void nodesGiveAwayTheirSharesAndFollowTheMembers() {
        Quotas quotas = quotas("ordersPerSecond=100", "burst=200", "connections=5");
        AccountQuota quota = quotas.of("shop");
        quotas.share(4);
        assertEquals("\"default\";q=50;w=2", quota.rateLimitPolicy());
        assertEquals(50, admittedOf(quota, 300));
        pass(1_000);
        assertEquals(25, admittedOf(quota, 300));
        assertNull(quota.takeConnection());
        assertEquals(Limit.CONNECTIONS, quota.takeConnection().limit());
        quotas.share(1);
        pass(1_000);
        assertEquals(100, admittedOf(quota, 300), "the share follows the members");
        assertEquals(50, admittedOf(shared(quotas, 4), 300), "an account that comes later has a share as well");
        quotas.share(0);
        pass(60_000);
        assertEquals(200, admittedOf(quota, 300), "a node that hears of none gives away all");
    }

    private static AccountQuota shared(Quotas quotas, int nodes) {
        quotas.share(nodes);
        return quotas.of("late");
    }

    /** Else such a request would be refused for ever on each node, though the account may submit it. */
    @Test
    void aBulkRequestBeyondTheShareWaitsForAFullOneAndGoesBelowZero() {
        Quotas quotas = quotas("ordersPerSecond=100", "burst=100");
        quotas.share(4);
        AccountQuota quota = quotas.of("shop");
        assertNull(quota.admitBulk(1));
        assertNull(quota.takeRest(100), "a full share, and not more than the burst of the account");
        assertNotNull(quota.admitBulk(1));
        pass(2_900);
        assertNotNull(quota.admit(1, 1), "75 orders below zero take 3 s at 25/s");
        pass(200);
        assertNull(quota.admit(1, 1));
        assertNull(quota.admitBulk(1));
        assertNotNull(quota.takeRest(100), "the share is not full");
        pass(1_200);
        assertNull(quota.admitBulk(1));
        assertTrue(quota.takeRest(101).isForGood());
    }

    @Test
    void anIdleAccountIsLetGoOfAndOneInUseIsNot() {
        Quotas quotas = quotas("ordersPerSecond=10");
        AccountQuota busy = quotas.of("busy");
        assertEquals(5, admittedOf(busy, 5));
        for (int i = 0; i < 3 * Quotas.ACCOUNTS_KEPT; i++) {
            quotas.of("idle-" + i);
        }
        assertTrue(quotas.size() <= Quotas.ACCOUNTS_KEPT + 1, "" + quotas.size());
        assertSame(busy, quotas.of("busy"));
        assertEquals(5, admittedOf(quotas.of("busy"), 10));
    }

    @Test
    void refusalsAreCountedByAccount() {
        Quotas quotas = quotas("ordersPerSecond=1");
        assertEquals(1, admittedOf(quotas.of("shop"), 4));
        assertTrue(metrics.scrape().contains("sluice_quota_refused_total{account=\"shop\"} 3"), () -> metrics.scrape());
    }
}
