package dev.sluice.order;

import org.jspecify.annotations.Nullable;

/**
 * Computes {@link Fingerprint}s; one thread. This is the one place that says what is hashed.
 *
 * <pre>
 * fingerprint := 0x01 SHA-256(content)
 * content     := field(customerId) field(currency) int32(number of items) item* attributes
 * item        := field(sku) int32(quantity) int64(unit price in 1/10000)
 * attributes  := 0x00                      where the order has none
 *              | 0x01 field(canonical)     compact JSON, keys sorted by UTF-16 code units,
 *                                          numbers plain and without trailing zeros
 * field(x)    := int32(bytes of x in UTF-8) x
 * int32/int64 := big end first
 * </pre>
 *
 * Every part says its length, so no two contents look alike; numbers are hashed by value, so spelling does not
 * matter. Stored fingerprints are compared for as long as their rows live: a change here is a new version byte.
 */
final class ContentDigest {

    private static final byte VERSION = 1;

    private final Sha256 sha256 = new Sha256();
    private final Utf8Buffer head = new Utf8Buffer(512);
    private final Utf8Buffer items = new Utf8Buffer(1024);
    private final Utf8Buffer tail = new Utf8Buffer(1024);
    private int itemCount;

    void clear() {
        items.clear();
        itemCount = 0;
    }

    void item(String sku, int quantity, long priceUnits) {
        items.field(sku).int32(quantity).int64(priceUnits);
        itemCount++;
    }

    Fingerprint finish(String customerId, String currency, @Nullable Utf8Buffer attributes) {
        head.clear();
        head.field(customerId).field(currency).int32(itemCount);
        tail.clear();
        if (attributes == null) {
            tail.ascii('\0');
        } else {
            tail.ascii('\1').int32(0);
            appendByValue(attributes);
            tail.setInt32(1, tail.size() - 1 - Integer.BYTES);
        }
        byte[] bytes = new byte[Fingerprint.BYTES];
        bytes[0] = VERSION;
        sha256.update(head).update(items).update(tail).finish(bytes, 1);
        return Fingerprint.of(bytes);
    }

    /** Copies canonical JSON, leaving out the zeros at the end of fractions. */
    private void appendByValue(Utf8Buffer canonical) {
        byte[] json = canonical.array();
        int end = canonical.size();
        int copied = 0;
        for (int i = 0; i < end; i++) {
            if (json[i] == '"') {
                i = endOfString(json, i);
            } else if (json[i] == '.') {
                int to = endOfDigits(json, i + 1);
                int from = startOfZeros(json, i, to);
                tail.append(json, copied, from - copied);
                copied = to;
                i = to - 1;
            }
        }
        tail.append(json, copied, end - copied);
    }

    private static int endOfString(byte[] json, int quote) {
        int i = quote + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i;
    }

    private static int endOfDigits(byte[] json, int from) {
        int i = from;
        while (json[i] >= '0' && json[i] <= '9') {
            i++;
        }
        return i;
    }

    /** Where a fraction's trailing zeros begin; with nothing else in it, the point goes too. */
    private static int startOfZeros(byte[] json, int point, int to) {
        int i = to;
        while (json[i - 1] == '0') {
            i--;
        }
        return i - 1 == point ? point : i;
    }
}
