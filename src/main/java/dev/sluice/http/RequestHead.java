package dev.sluice.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the head of an order request must say before its body is read. */
final class RequestHead {

    private static final String JSON = "application/json";
    private static final CharSequence EXPECT = HttpHeaders.createOptimized("Expect");

    private RequestHead() {}

    /** Why the request is refused without reading its body, or null. */
    static @Nullable Problem refusal(HttpServerRequest request, int bodyBytesMax) {
        if (!isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            return Problem.unsupportedMediaType("Send the order with Content-Type: application/json (UTF-8).");
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !"identity".equalsIgnoreCase(encoding)) {
            return Problem.unsupportedMediaType("Send the body without Content-Encoding.");
        }
        return announcesMore(request.getHeader(HttpHeaders.CONTENT_LENGTH), bodyBytesMax)
                ? Problem.tooLarge(bodyBytesMax)
                : null;
    }

    private static boolean isJson(@Nullable String contentType) {
        if (JSON.equals(contentType)) {
            return true;
        }
        return contentType != null && isJsonWithParameters(contentType.toLowerCase(Locale.ROOT));
    }

    private static boolean isJsonWithParameters(String contentType) {
        String[] parts = contentType.split(";", -1);
        if (!JSON.equals(parts[0].trim())) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("charset=") && !parameter.matches("charset=\"?utf-8\"?")) {
                return false;
            }
        }
        return true;
    }

    /** The server's decoder has refused what is not a number. */
    private static boolean announcesMore(@Nullable String contentLength, int bytesMax) {
        return contentLength != null && contentLength.length() > 4 && Long.parseLong(contentLength) > bytesMax;
    }

    /** Lets a client that asked first send its body. */
    static void continueIfExpected(HttpServerRequest request) {
        if ("100-continue".equalsIgnoreCase(request.getHeader(EXPECT))) {
            request.response().writeContinue().onFailure(gone -> {});
        }
    }
}
