package dev.sluice.http;

import dev.sluice.listener.request.ClientRequest;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** The {@code X-Request-Id} of a request: echoed and logged as it came, where it is short and printable ASCII. */
final class RequestId {

    static final CharSequence HEADER = HttpHeaders.createOptimized("X-Request-Id");
    static final int LENGTH_MAX = 128;

    private RequestId() {}

    /** Null where there is none, or none that may be repeated. */
    static @Nullable String of(ClientRequest request) {
        String id = request.getHeader(HEADER);
        return id != null && isHarmless(id) ? id : null;
    }

    private static boolean isHarmless(String id) {
        boolean harmless = !id.isEmpty() && id.length() <= LENGTH_MAX;
        for (int i = 0; harmless && i < id.length(); i++) {
            harmless = id.charAt(i) >= ' ' && id.charAt(i) <= '~';
        }
        return harmless;
    }
}
