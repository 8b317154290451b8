package dev.sluice.load.verify;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.StoredContent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes fingerprints again from what is stored. A run repeats a few hundred contents, so it keeps the last
 * {@value #REMEMBERED_MAX} results by their columns, which must agree to the character. One thread.
 */
final class Recomputed {

    private static final Logger LOG = LoggerFactory.getLogger(Recomputed.class);
    private static final int REMEMBERED_MAX = 1_024;

    private final Map<Columns, Fingerprint> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Columns, Fingerprint> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    private record Columns(
            String customerId,
            String currency,
            String total,
            String items,
            @Nullable String attributes) {}

    /** The fingerprint, or null where no order has such columns. */
    @Nullable
    Fingerprint of(String customerId, String currency, String total, String items, @Nullable String attributes) {
        try {
            return remembered.computeIfAbsent(
                    new Columns(customerId, currency, total, items, attributes),
                    stored -> StoredContent.fingerprint(customerId, currency, total, items, attributes));
        } catch (IllegalArgumentException e) {
            LOG.debug("what is stored is no order's content", e);
            return null;
        }
    }
}
