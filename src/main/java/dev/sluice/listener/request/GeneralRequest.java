package dev.sluice.listener.request;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** A request that Vert.x decoded, and its reply. */
public record GeneralRequest(HttpServerRequest general) implements ClientRequest, Reply {

    @Override
    public HttpMethod method() {
        return general.method();
    }

    @Override
    public String uri() {
        return general.uri();
    }

    @Override
    public @Nullable String path() {
        return general.path();
    }

    @Override
    public @Nullable String query() {
        return general.query();
    }

    @Override
    public HttpVersion version() {
        return general.version();
    }

    @Override
    public @Nullable String getHeader(CharSequence name) {
        return general.getHeader(name);
    }

    @Override
    public MultiMap headers() {
        return general.headers();
    }

    @Override
    public HttpConnection connection() {
        return general.connection();
    }

    @Override
    public boolean sharesConnection() {
        return false;
    }

    @Override
    public long headBytes() {
        return 0;
    }

    @Override
    public boolean isEnded() {
        return general.isEnded();
    }

    @Override
    public void read(Handler<Buffer> pieces, Runnable ended, Handler<Throwable> failed) {
        general.handler(pieces).exceptionHandler(failed).endHandler(end -> ended.run());
    }

    @Override
    public void proceed() {
        general.response().writeContinue().onFailure(gone -> {});
    }

    @Override
    public Reply reply() {
        return this;
    }

    @Override
    public void begin(int status) {
        general.response().setStatusCode(status);
    }

    @Override
    public void header(CharSequence name, CharSequence value) {
        general.response().putHeader(name, value);
    }

    @Override
    public void withUnknownLength() {
        general.response().setChunked(true);
    }

    @Override
    public Future<Void> end(Buffer body) {
        return general.response().end(body);
    }

    @Override
    public Future<Void> write(Buffer piece) {
        return general.response().write(piece);
    }

    @Override
    public Future<Void> end() {
        return general.response().end();
    }

    @Override
    public boolean isGone() {
        return general.response().closed();
    }

    @Override
    public long bytesWritten() {
        return general.response().bytesWritten();
    }
}
