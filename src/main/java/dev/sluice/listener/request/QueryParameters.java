package dev.sluice.listener.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters in the query of a request. */
public final class QueryParameters {

    private static final int PARAMETERS_MAX = 1_024;

    private QueryParameters() {}

    /** Decoded values by name, in their order; null where the query is not percent-encoded as it must be. */
    public static @Nullable Map<String, List<String>> of(ClientRequest request) {
        try {
            return new QueryStringDecoder(request.uri(), UTF_8, true, PARAMETERS_MAX, true).parameters();
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
