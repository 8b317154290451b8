package dev.sluice.http;

import dev.sluice.bus.Settled;
import dev.sluice.listener.request.ClientRequest;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of one request went, for the {@code Server-Timing} header: parse, bus, wait (in the writer's buffer)
 * and store, in ms. For a request that did not ask it is {@link #NONE}, which reads no clock. What the writer measures
 * holds for all orders of one message.
 */
class ServerTiming {

    static final String PARAMETER = "timing";
    static final CharSequence HEADER = HttpHeaders.createOptimized("Server-Timing");

    /** The timing of a request that did not ask. */
    static final ServerTiming NONE = new ServerTiming();

    private ServerTiming() {}

    /** The request's own where it has {@code ?timing=1}, or where all are asked for. */
    static ServerTiming of(ClientRequest request, boolean always) {
        return always || isAskedFor(request.query()) ? new Measured() : NONE;
    }

    private static boolean isAskedFor(@Nullable String query) {
        return query != null && ("&" + query + "&").contains("&" + PARAMETER + "=1&");
    }

    /** The part that begins now is the parse. */
    void parseBegins() {}

    void parseEnds() {}

    /** The order, the look-up or the first of many orders leaves for the bus. */
    void sent() {}

    /** The writer has answered. */
    void stored(Settled settled) {}

    /** The look-up was answered, or the last of many orders has its outcome. */
    void found() {}

    /** The header's value; empty where there is nothing to say. */
    String header() {
        return "";
    }

    private static final class Measured extends ServerTiming {

        private final StringBuilder header = new StringBuilder(80);
        private long beganNanos;

        @Override
        void parseBegins() {
            beganNanos = System.nanoTime();
        }

        @Override
        void parseEnds() {
            add("parse", sinceBeganMicros());
        }

        @Override
        void sent() {
            beganNanos = System.nanoTime();
        }

        @Override
        void stored(Settled settled) {
            long waitMicros = settled.waitMicros();
            long storeMicros = settled.storeMicros();
            add("bus", Math.max(0, sinceBeganMicros() - waitMicros - storeMicros));
            add("wait", waitMicros);
            add("store", storeMicros);
        }

        @Override
        void found() {
            add("store", sinceBeganMicros());
        }

        @Override
        String header() {
            return header.toString();
        }

        private long sinceBeganMicros() {
            return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - beganNanos);
        }

        private void add(String name, long micros) {
            if (header.length() > 0) {
                header.append(", ");
            }
            header.append(name).append(";dur=").append(micros / 1_000).append('.');
            header.append((char) ('0' + micros / 100 % 10));
            header.append((char) ('0' + micros / 10 % 10));
            header.append((char) ('0' + micros % 10));
        }
    }
}
