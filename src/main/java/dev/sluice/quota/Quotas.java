package dev.sluice.quota;

import dev.sluice.config.QuotaConfig;
import dev.sluice.metrics.Metrics;
import io.github.bucket4j.TimeMeter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The quotas of the accounts that submit on this node. An account that is idle takes no memory beyond
 * {@value #ACCOUNTS_KEPT} of them. Any thread.
 */
public final class Quotas {

    static final int ACCOUNTS_KEPT = 10_000;
    private static final String STANDARD = "default";

    private final QuotaConfig config;
    private final Metrics metrics;
    private final TimeMeter clock;
    private final ConcurrentHashMap<String, AccountQuota> accounts = new ConcurrentHashMap<>();
    private volatile int nodes = 1;
    private volatile int sweepAt = ACCOUNTS_KEPT;

    /**
     * With nothing used.
     *
     * @param nanoTime a clock of elapsed nanoseconds, {@code System::nanoTime}
     */
    public Quotas(QuotaConfig config, Metrics metrics, LongSupplier nanoTime) {
        this.config = config;
        this.metrics = metrics;
        this.clock = new Elapsed(nanoTime);
    }

    /** Time for bucket4j. */
    private record Elapsed(LongSupplier nanoTime) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /** The quota of an account, which is the same object while anything of it is in use. */
    public AccountQuota of(String account) {
        AccountQuota known = accounts.get(account);
        return known == null ? begin(account) : known;
    }

    private AccountQuota begin(String account) {
        if (accounts.size() >= sweepAt) {
            sweep();
        }
        AccountQuota quota = accounts.computeIfAbsent(account, this::made);
        quota.share(nodes);
        return quota;
    }

    private AccountQuota made(String account) {
        String policy = config.accounts().containsKey(account) ? account : STANDARD;
        return new AccountQuota(
                account,
                policy,
                config.of(account),
                clock,
                () -> metrics.overQuota().count(account));
    }

    /** Lets go of accounts that are idle; where few are, the next time comes later. */
    private synchronized void sweep() {
        accounts.forEach((account, quota) -> {
            if (quota.isIdle()) {
                accounts.remove(account, quota);
            }
        });
        sweepAt = Math.max(ACCOUNTS_KEPT, 2 * accounts.size());
    }

    /** Accounts that are kept. */
    int size() {
        return accounts.size();
    }

    /** From now on so many nodes of the cluster take orders; this one gives away its share. To be called often. */
    public void share(int serving) {
        int among = Math.max(1, serving);
        if (among != nodes) {
            nodes = among;
            accounts.values().forEach(quota -> quota.share(among));
        }
    }
}
