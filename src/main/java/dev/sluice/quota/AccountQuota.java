package dev.sluice.quota;

import dev.sluice.config.QuotaConfig.Limits;
import dev.sluice.quota.Excess.Limit;
import io.github.bucket4j.TimeMeter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one account may submit on this node. Each method decides at once; null is yes. What a request took and did not
 * use, because no store had it, goes back. Any thread.
 */
public final class AccountQuota {

    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String ONE_SECOND = ";w=1";

    private final String account;
    private final String policy;
    private final Limits limits;
    private final @Nullable TokenShare orders;
    private final @Nullable TokenShare bytes;
    private final AtomicInteger bulks = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Runnable refused;
    private volatile int nodes = 1;
    private volatile @Nullable String policyField;

    /** @param refused runs for each request that is refused */
    AccountQuota(String account, String policy, Limits limits, TimeMeter clock, Runnable refused) {
        this.account = account;
        this.policy = policy;
        this.limits = limits;
        this.orders = orders(limits, clock);
        this.bytes = limits.bytesPerSecond() == null
                ? null
                : new TokenShare(limits.bytesPerSecond(), limits.bytesPerSecond(), clock);
        this.refused = refused;
        this.policyField = policyField();
    }

    private static @Nullable TokenShare orders(Limits limits, TimeMeter clock) {
        Long perSecond = limits.ordersPerSecond();
        if (perSecond == null) {
            return null;
        }
        Long burst = limits.burst();
        return new TokenShare(perSecond, burst == null ? perSecond : burst, clock);
    }

    /** From now on there are so many nodes, of which this one gives away its share. */
    void share(int among) {
        if (among != nodes) {
            nodes = among;
            if (orders != null) {
                orders.share(among);
            }
            if (bytes != null) {
                bytes.share(among);
            }
            policyField = policyField();
        }
    }

    /**
     * Takes a request of so many orders, which are all known by now.
     *
     * @param length of its body, 0 where it is not known: {@link #spent} says it later
     */
    public @Nullable Excess admit(int count, long length) {
        long wait = bytes == null ? 0 : bytes.untilThereAre(1);
        if (wait > 0) {
            return refuse(Limit.BYTES, limits.bytesPerSecond(), wait);
        }
        Excess tooMany = take(count);
        if (tooMany == null) {
            spent(length);
        }
        return tooMany;
    }

    /** Takes a bulk request with the first of its orders; {@link #takeRest} follows, and at its end {@link #bulkEnded}. */
    public @Nullable Excess admitBulk(long length) {
        Long most = limits.concurrentBulk();
        if (bulks.incrementAndGet() > share(most)) {
            bulks.decrementAndGet();
            return refuse(Limit.CONCURRENT_BULK, most, SOON_NANOS);
        }
        Excess refusal = admit(1, length);
        if (refusal != null) {
            bulks.decrementAndGet();
        }
        return refusal;
    }

    /**
     * Takes the other orders of a bulk request, all or none. Where it is none the first one goes back too.
     *
     * @param count of all of them
     */
    public @Nullable Excess takeRest(int count) {
        Long burst = limits.burst() == null ? limits.ordersPerSecond() : limits.burst();
        Excess refusal = burst != null && count > burst ? beyondBurst(count, burst) : take(count - 1);
        if (refusal != null) {
            giveBack(1);
        }
        return refusal;
    }

    private @Nullable Excess take(int count) {
        long wait = orders == null || count == 0 ? 0 : orders.take(count);
        return wait == 0 ? null : refuse(Limit.ORDERS, limits.ordersPerSecond(), wait);
    }

    /** The bulk request is over. */
    public void bulkEnded() {
        bulks.decrementAndGet();
    }

    /** The body had so many bytes. */
    public void spent(long length) {
        if (bytes != null) {
            bytes.spend(length);
        }
    }

    /** So many orders were taken and not stored, for no fault of the client's. */
    public void giveBack(int count) {
        if (orders != null) {
            orders.giveBack(count);
        }
    }

    /** Whether connections have to be counted. */
    public boolean limitsConnections() {
        return limits.connections() != null;
    }

    /** Takes a connection; {@link #connectionEnded} gives it back. */
    public @Nullable Excess takeConnection() {
        Long most = limits.connections();
        if (connections.incrementAndGet() > share(most)) {
            connections.decrementAndGet();
            return refuse(Limit.CONNECTIONS, most, SOON_NANOS);
        }
        return null;
    }

    /** One that was taken has ended. */
    public void connectionEnded() {
        connections.decrementAndGet();
    }

    /** This node's part of what may be there at once: 0 is nothing, all else at least one. */
    private long share(@Nullable Long most) {
        if (most == null) {
            return Long.MAX_VALUE;
        }
        return most == 0 ? 0 : Math.max(1, most / nodes);
    }

    private Excess refuse(Limit limit, @Nullable Long most, long waitNanos) {
        refused.run();
        int seconds = TokenShare.seconds(waitNanos);
        String where = nodes == 1 ? "" : " on " + nodes + " nodes together";
        return new Excess(
                limit,
                "The account " + account + " has used up its " + limit.key() + ", which is " + most + where
                        + "; nothing was stored. Send this again after " + seconds + " s.",
                seconds);
    }

    private Excess beyondBurst(int count, long burst) {
        refused.run();
        return new Excess(
                Limit.BURST,
                "A request of " + count + " orders is more than the account " + account
                        + " may submit at once, which is " + burst + "; nothing was stored. Send it in parts.",
                0);
    }

    /** Whether it holds nothing, so that a new one would decide the same. */
    boolean isIdle() {
        return bulks.get() == 0
                && connections.get() == 0
                && (orders == null || orders.isFull())
                && (bytes == null || bytes.isFull());
    }

    /** The value of {@code RateLimit-Policy}: what may be used, and in how many seconds; null where all may be. */
    public @Nullable String rateLimitPolicy() {
        return policyField;
    }

    private @Nullable String policyField() {
        String ofOrders = orders == null
                ? null
                : "\"" + policy + "\";q=" + orders.shown() + ";w=" + Math.max(1, orders.windowSeconds());
        String ofBytes = bytes == null
                ? null
                : "\"" + policy + "-bytes\";q=" + bytes.shown() + ONE_SECOND + ";qu=\"content-bytes\"";
        return joined(ofOrders, ofBytes);
    }

    /** The value of {@code RateLimit}: what is left of it now, and the seconds until it is whole again; or null. */
    public @Nullable String rateLimit() {
        return joined(
                orders == null ? null : left(policy, orders), bytes == null ? null : left(policy + "-bytes", bytes));
    }

    private static String left(String name, TokenShare tokens) {
        long available = tokens.available();
        return "\"" + name + "\";r=" + available + ";t=" + tokens.secondsUntilFull(available);
    }

    private static @Nullable String joined(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + ", " + other;
    }
}
