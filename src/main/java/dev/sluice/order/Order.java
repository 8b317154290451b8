package dev.sluice.order;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A valid order with its identity: what {@link OrderParser} found right, and nothing downstream checks again.
 * Immutable; travels the event bus and into the stores as it is.
 *
 * @param id UUIDv8 derived from account and client order id, or UUIDv7 without one; see {@link OrderId}
 * @param account scope of the client order id, 1 to 64 of {@code [A-Za-z0-9._-]}
 * @param clientOrderId the client's own key, 1 to 64 of printable ASCII, or null
 * @param customerId 1 to 64 code points
 * @param currency an active ISO 4217 code
 * @param total sum of quantity × unit price, exact decimal text without exponent, scale of the finest unit price
 * @param itemsJson compact JSON array of {@code {"sku","quantity","unitPrice"}}; unit prices are strings, as sent
 * @param attributesJson compact JSON object with sorted keys and plain numbers, or null where none was sent
 * @param acceptedAtMicros microseconds since the epoch, UTC
 * @param fingerprint of customerId, currency, items and attributes
 */
public record Order(
        UUID id,
        String account,
        @Nullable String clientOrderId,
        String customerId,
        String currency,
        String total,
        String itemsJson,
        @Nullable String attributesJson,
        long acceptedAtMicros,
        Fingerprint fingerprint)
        implements Parsed {

    /** Weight of the fixed parts of an order in buffers and messages, bytes. */
    public static final int FIXED_BYTES = 256;

    /** Approximate weight of the order in memory, bytes; what the byte bounds of buffers count. */
    public int weightBytes() {
        int attributes = attributesJson == null ? 0 : attributesJson.length();
        return FIXED_BYTES + customerId.length() + itemsJson.length() + attributes;
    }
}
