package dev.sluice.order;

import org.jspecify.annotations.Nullable;

/**
 * What arrives beside a document.
 *
 * @param account whose order it is, 1 to 64 of {@code [A-Za-z0-9._-]}; checked by authentication
 * @param idempotencyKey the value of the {@code Idempotency-Key} header without its quotes, or null; becomes the client
 *     order id where the document has none
 * @param acceptedAtMicros when it arrived, microseconds since the epoch, UTC
 */
public record Submission(String account, @Nullable String idempotencyKey, long acceptedAtMicros) {}
