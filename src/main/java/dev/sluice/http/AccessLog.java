package dev.sluice.http;

import dev.sluice.listener.request.ClientRequest;
import dev.sluice.log.Escape;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request to the logger {@code dev.sluice.access}: method, path without its query, status (0 where the
 * client went away first), microseconds from head to answer, bytes of the answer's body, request id. Does nothing
 * while off.
 */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.sluice.access");

    private final boolean on;

    AccessLog(boolean on) {
        this.on = on;
    }

    void ended(ClientRequest request, int status, long nanos) {
        if (on) {
            LOG.info(
                    "{} {} {} {}us {}B id={}",
                    request.method(),
                    Escape.line(String.valueOf(request.path())),
                    status,
                    TimeUnit.NANOSECONDS.toMicros(nanos),
                    request.reply().bytesWritten(),
                    orDash(RequestId.of(request)));
        }
    }

    /** A request that the decoder refused: nothing in it can be relied on. */
    void refused(HttpServerRequest request, int status) {
        if (on) {
            LOG.info("- - {} 0us {}B id=-", status, request.response().bytesWritten());
        }
    }

    private static String orDash(@Nullable String id) {
        return id == null ? "-" : id;
    }
}
