package dev.sluice.store.postgres;

import dev.sluice.store.StoreFailure;
import org.jspecify.annotations.Nullable;

/**
 * What an insert said of one order, in a transaction that is committed by now.
 *
 * @param hasRow whether it inserted the order's row
 * @param committedAtMicros of the statement, PostgreSQL's clock; 0 where it failed
 * @param failure why there is no row; null where nothing was said
 */
record Attempt(
        boolean hasRow, long committedAtMicros, @Nullable StoreFailure failure) {

    static Attempt failed(StoreFailure failure) {
        return new Attempt(false, 0, failure);
    }

    boolean isRefused() {
        return failure != null && failure.kind() == StoreFailure.Kind.REFUSED;
    }
}
