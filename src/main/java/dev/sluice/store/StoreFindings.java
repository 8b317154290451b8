package dev.sluice.store;

import java.util.List;

/**
 * What was found out about the server of a store whose settings keep the promise.
 *
 * @param failoverLossy whether a failover to one of its replicas can lose what it acknowledged last
 * @param warnings what its owner should know, each with its mend
 */
public record StoreFindings(boolean failoverLossy, List<String> warnings) {

    /** Nothing that anybody has to know. */
    public static final StoreFindings NONE = new StoreFindings(false, List.of());

    public StoreFindings {
        warnings = List.copyOf(warnings);
    }
}
