package dev.sluice.http;

import dev.sluice.listener.Connections.Hold;
import dev.sluice.quota.AccountQuota;

/** A connection that counts for an account while it is open. */
record ConnectionOfAccount(AccountQuota quota) implements Hold {

    @Override
    public void release() {
        quota.connectionEnded();
    }
}
