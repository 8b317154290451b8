package dev.sluice.store;

import java.util.List;

/** A store that was given cannot keep the promise of an acknowledgement; the message names the settings to change. */
public final class UnsafeStoreException extends UnfitStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * A store with unsafe settings.
     *
     * @param store its name
     * @param settings each with its mend
     */
    public UnsafeStoreException(String store, List<String> settings) {
        super(
                store + " does not keep what it acknowledges: " + String.join("; ", settings),
                "Change the server, or run with --allow-unsafe-store.");
    }
}
