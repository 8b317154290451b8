package dev.sluice.listener.request;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** A request as Sluice sees it, whichever way it came in. On its connection's event loop. */
public interface ClientRequest {

    HttpMethod method();

    /** The target as it was sent. */
    String uri();

    @Nullable
    String path();

    @Nullable
    String query();

    HttpVersion version();

    /** The first value of a header, in any case; or null. */
    @Nullable
    String getHeader(CharSequence name);

    MultiMap headers();

    HttpConnection connection();

    /** Whether other requests may be in progress on its connection: it is a stream of HTTP/2. */
    boolean sharesConnection();

    /** Memory that it takes before a byte of its body came; 0 where its connection answers for it. */
    long headBytes();

    /** Whether all of its body has come. */
    boolean isEnded();

    /**
     * Hands over the body; to be called in the turn in which the head came.
     *
     * @param pieces get what comes, in order
     * @param ended runs behind the last piece
     * @param failed told why the rest does not come
     */
    void read(Handler<Buffer> pieces, Runnable ended, Handler<Throwable> failed);

    /** Tells a client that asked first to send its body. */
    void proceed();

    /** The same, if it asked; one of HTTP/1.0 cannot ask. To be called where the body is going to be read. */
    default void proceedIfExpected() {
        if (version() != HttpVersion.HTTP_1_0 && HeaderList.has(this, HeaderList.EXPECT, "100-continue")) {
            proceed();
        }
    }

    /** Whether the client wants the connection to end with the answer; of several options of it close wins. */
    default boolean wantsClose() {
        return HeaderList.has(this, HttpHeaders.CONNECTION, "close");
    }

    Reply reply();
}
