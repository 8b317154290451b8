package dev.sluice.http;

import dev.sluice.bulk.BulkBody;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.HeaderList;
import dev.sluice.order.OrderResult;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the head of an order request must say before its body is read. */
final class RequestHead {

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String PLAIN_BODY = "Send the body without Content-Encoding.";
    private static final int LEFT_BYTES_MAX = 64 * 1024;
    private static final CharSequence EXPECT = HttpHeaders.createOptimized("Expect");

    private RequestHead() {}

    /** Why the request is refused without reading its body, or null. */
    static @Nullable Problem refusal(ClientRequest request, int bodyBytesMax) {
        if (!is(JSON, request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            return Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the order with Content-Type: application/json (UTF-8).");
        }
        if (isEncoded(request)) {
            return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, PLAIN_BODY);
        }
        return announcesMore(request.getHeader(HttpHeaders.CONTENT_LENGTH), bodyBytesMax)
                ? Problem.of(OrderResult.tooLarge(bodyBytesMax))
                : null;
    }

    /** Why a bulk request is refused without reading its body, or null. */
    static @Nullable Problem bulkRefusal(ClientRequest request) {
        if (!isNdjson(request) && !is(JSON, request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            return Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Send one order a line with Content-Type: application/x-ndjson, or an array of orders with"
                            + " application/json (both UTF-8).");
        }
        if (isEncoded(request)) {
            return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, PLAIN_BODY);
        }
        if (request.headers().contains(IdempotencyKey.HEADER)) {
            return Problem.badRequest("The " + IdempotencyKey.HEADER
                    + " header names one order; in a bulk request give each order its own clientOrderId.");
        }
        return announcesMore(request.getHeader(HttpHeaders.CONTENT_LENGTH), BulkBody.BYTES_MAX) ? bulkTooLarge() : null;
    }

    static Problem bulkTooLarge() {
        return Problem.of(
                ProblemType.BODY_TOO_LARGE,
                "A bulk request may have at most " + BulkBody.BYTES_MAX
                        + " bytes; nothing of it was stored. Send it in parts.");
    }

    /** One order a line, rather than an array. */
    static boolean isNdjson(ClientRequest request) {
        return is(NDJSON, request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private static boolean isEncoded(ClientRequest request) {
        return request.getHeader(HttpHeaders.CONTENT_ENCODING) != null
                && !HeaderList.of(request, HttpHeaders.CONTENT_ENCODING).stream()
                        .allMatch("identity"::equalsIgnoreCase);
    }

    private static boolean is(String mediaType, @Nullable String contentType) {
        if (mediaType.equals(contentType)) {
            return true;
        }
        return contentType != null && isWithParameters(mediaType, contentType.toLowerCase(Locale.ROOT));
    }

    private static boolean isWithParameters(String mediaType, String contentType) {
        String[] parts = contentType.split(";", -1);
        if (!mediaType.equals(parts[0].trim())) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("charset=") && !parameter.matches("charset=([\"']?)(utf-?8|us-ascii)\\1")) {
                return false;
            }
        }
        return true;
    }

    /** The server's decoder has refused what is not a number. */
    private static boolean announcesMore(@Nullable String contentLength, int bytesMax) {
        return contentLength != null && contentLength.length() > 4 && Long.parseLong(contentLength) > bytesMax;
    }

    /** Bytes of the body as the head says; below 0 where it does not. */
    static long contentLength(ClientRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
    }

    /**
     * Whether an answer now would leave a body behind that is long, endless or perhaps never sent: reading on could
     * take for a request what is a body, or for ever.
     */
    static boolean leavesBodyBehind(ClientRequest request) {
        if (request.isEnded()) {
            return false;
        }
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || request.getHeader(EXPECT) != null
                || announcesMore(request.getHeader(HttpHeaders.CONTENT_LENGTH), LEFT_BYTES_MAX);
    }
}
