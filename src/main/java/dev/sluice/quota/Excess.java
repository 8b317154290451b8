package dev.sluice.quota;

/**
 * Why a request is beyond what its account may submit. It says nothing of the orders in it, and nothing of them was stored.
 *
 * @param limit which limit
 * @param detail for people, with the account and the key of the configuration
 * @param retryAfterSeconds when to send again; 0 where that would not help
 */
public record Excess(Limit limit, String detail, int retryAfterSeconds) {

    /** What may be used up. */
    public enum Limit {
        ORDERS("ordersPerSecond"),
        BYTES("bytesPerSecond"),
        CONCURRENT_BULK("concurrentBulk"),
        CONNECTIONS("connections"),
        /** One request has more orders than the account may ever have at once. */
        BURST("burst");

        private final String key;

        Limit(String key) {
            this.key = key;
        }

        /** The name of its key within the account's section. */
        String key() {
            return key;
        }
    }

    /** Whether the request as it is can never be admitted. */
    public boolean isForGood() {
        return limit == Limit.BURST;
    }
}
