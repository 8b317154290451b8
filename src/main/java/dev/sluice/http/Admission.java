package dev.sluice.http;

import dev.sluice.listener.request.Reply;
import dev.sluice.quota.AccountQuota;
import dev.sluice.quota.Excess;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What one request takes of its account's quota: asked before its body is read, and given back where no store had its
 * orders. On its event loop.
 */
final class Admission {

    private static final CharSequence RATE_LIMIT = HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence RATE_LIMIT_POLICY = HttpHeaders.createOptimized("RateLimit-Policy");

    private final AccountQuota quota;
    private boolean hasPaidBytes;
    private boolean isBulk;
    private int taken;

    Admission(AccountQuota quota) {
        this.quota = quota;
    }

    /**
     * One live order.
     *
     * @param length of the body, or below 0 where it is not said
     */
    @Nullable
    Excess live(long length) {
        hasPaidBytes = length >= 0;
        Excess excess = quota.admit(1, Math.max(0, length));
        taken = excess == null ? 1 : 0;
        return excess;
    }

    /** A bulk request, and the first of its orders; the length as above. */
    @Nullable
    Excess bulk(long length) {
        hasPaidBytes = length >= 0;
        Excess excess = quota.admitBulk(Math.max(0, length));
        isBulk = excess == null;
        taken = excess == null ? 1 : 0;
        return excess;
    }

    /** The other orders of a bulk request; from then on {@link #unavailable} says which go back. */
    @Nullable
    Excess rest(int orders) {
        taken = 0;
        return quota.takeRest(orders);
    }

    /** No more of the body will be read: it is whole, was refused, or its client is gone. Later calls do nothing. */
    void read(int length) {
        if (!hasPaidBytes) {
            hasPaidBytes = true;
            quota.spent(length);
        }
    }

    /** So many orders of a bulk request are 503. */
    void unavailable(int orders) {
        quota.giveBack(orders);
    }

    /** The request is answered with that status: a 503 gives back what it took. */
    void answered(int status, Reply reply) {
        if (status == 503) {
            quota.giveBack(taken);
        }
        taken = 0;
        String policy = quota.rateLimitPolicy();
        String left = policy == null ? null : quota.rateLimit();
        if (policy != null && left != null) {
            reply.header(RATE_LIMIT_POLICY, policy);
            reply.header(RATE_LIMIT, left);
        }
    }

    /** The request is over. */
    void over() {
        if (isBulk) {
            isBulk = false;
            quota.bulkEnded();
        }
    }
}
