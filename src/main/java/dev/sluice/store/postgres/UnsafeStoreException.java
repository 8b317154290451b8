package dev.sluice.store.postgres;

import java.util.List;

/** The PostgreSQL that was given cannot keep the promise of 201; the message names the settings to change. */
public final class UnsafeStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsafeStoreException(List<String> settings) {
        super(
                "PostgreSQL does not keep what it commits: " + String.join("; ", settings)
                        + ". Change the server, or run with --allow-unsafe-store.",
                null,
                false,
                false);
    }
}
