package dev.sluice.load.verify;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.StoredContent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints recomputed from columns. Of columns that are the same to the last character it remembers the result, as
 * a run's orders repeat a few hundred contents; at most {@value #REMEMBERED_MAX}. One thread.
 */
final class Recomputed {

    private static final int REMEMBERED_MAX = 1_024;

    private final Map<Columns, Fingerprint> remembered = new LinkedHashMap<>();

    private record Columns(
            String customerId,
            String currency,
            String items,
            @Nullable String attributes) {}

    /** Throws {@link IllegalArgumentException} where no order has such columns. */
    Fingerprint of(String customerId, String currency, String items, @Nullable String attributes) {
        Columns columns = new Columns(customerId, currency, items, attributes);
        Fingerprint known = remembered.get(columns);
        return known == null ? computed(columns) : known;
    }

    private Fingerprint computed(Columns columns) {
        Fingerprint fingerprint = StoredContent.fingerprint(
                columns.customerId(), columns.currency(), columns.items(), columns.attributes());
        if (remembered.size() == REMEMBERED_MAX) {
            remembered.remove(remembered.keySet().iterator().next());
        }
        remembered.put(columns, fingerprint);
        return fingerprint;
    }
}
