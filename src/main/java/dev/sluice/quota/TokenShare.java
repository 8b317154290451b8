package dev.sluice.quota;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A node's share of what an account may use in a second and at once: a token bucket that is refilled all the time. It may
 * go below zero, and is refilled from there. Any thread, without a lock.
 */
final class TokenShare {

    /** Where there are none and never will be: an hour says as much as a day. */
    private static final long NEVER_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final double NANOS_PER_SECOND = 1e9;

    private final long perSecond;
    private final long burst;
    private final Bucket bucket;
    private volatile int nodes = 1;

    /** @param burst at most so many at once, over all nodes */
    TokenShare(long perSecond, long burst, TimeMeter clock) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.bucket = Bucket.builder()
                .withCustomTimePrecision(clock)
                .addLimit(bandwidth(1))
                .build();
    }

    private Bandwidth bandwidth(int among) {
        return Bandwidth.builder()
                .capacity(capacity(among))
                .refillGreedy(Math.max(1, perSecond), Duration.ofSeconds(among))
                .build();
    }

    private long capacity(int among) {
        return Math.max(1, burst / among);
    }

    /** From now on there are so many nodes that give away tokens; what there is stays in proportion. */
    void share(int among) {
        if (among != nodes) {
            nodes = among;
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(bandwidth(among)).build(),
                    TokensInheritanceStrategy.PROPORTIONALLY);
        }
    }

    private boolean isNothing() {
        return perSecond == 0 || burst == 0;
    }

    /** Takes them; else takes none, and the result is after how many nanoseconds they would be there. */
    long take(long count) {
        if (isNothing()) {
            return NEVER_NANOS;
        }
        if (count > capacity(nodes)) {
            return takeBeyondTheShare(count);
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(count);
        return probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
    }

    /** More than there ever is here, though not more than on all nodes: out of a full share, below zero. */
    private long takeBeyondTheShare(long count) {
        long wait = untilThereAre(capacity(nodes) - 1); // the first order of the request took one
        if (wait == 0) {
            bucket.consumeIgnoringRateLimits(count);
        }
        return wait;
    }

    /** After how many nanoseconds so many are there; 0 where they are. */
    long untilThereAre(long count) {
        if (isNothing()) {
            return NEVER_NANOS;
        }
        return count <= 0 ? 0 : bucket.estimateAbilityToConsume(count).getNanosToWaitForRefill();
    }

    /** Takes them whether they are there or not. */
    void spend(long count) {
        if (count > 0 && !isNothing()) {
            bucket.consumeIgnoringRateLimits(count);
        }
    }

    void giveBack(long count) {
        if (count > 0 && !isNothing()) {
            bucket.addTokens(count);
        }
    }

    /** Whether all that was taken has been refilled. */
    boolean isFull() {
        return isNothing() || bucket.getAvailableTokens() >= capacity(nodes);
    }

    /** The most there can be here at once. */
    long shown() {
        return isNothing() ? 0 : capacity(nodes);
    }

    /** Seconds in which an empty share becomes a full one, rounded up. */
    long windowSeconds() {
        return isNothing() ? 1 : secondsFor(capacity(nodes));
    }

    /** What is there now; 0 where it is below. */
    long available() {
        return isNothing() ? 0 : Math.max(0, bucket.getAvailableTokens());
    }

    /** Seconds until the share is full, rounded up, where so many are there. */
    long secondsUntilFull(long available) {
        return isNothing() ? TimeUnit.NANOSECONDS.toSeconds(NEVER_NANOS) : secondsFor(capacity(nodes) - available);
    }

    private long secondsFor(long count) {
        return (long) Math.ceil((double) count * nodes / perSecond);
    }

    /** For people and headers, rounded up. */
    static int seconds(long nanos) {
        return (int) Math.max(1, Math.ceil(nanos / NANOS_PER_SECOND));
    }
}
