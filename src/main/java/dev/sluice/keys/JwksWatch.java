package dev.sluice.keys;

import dev.sluice.log.Incident;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the public keys of the issuer of tokens: at the start, every {@value #EVERY_MS} ms or sooner where they may not be
 * so old, and when a token names a key that is not among them. Bounds: {@value #TIMEOUT_MS} ms and {@value #BYTES_MAX} bytes an answer; redirects are not
 * followed.
 */
public final class JwksWatch extends VerticleBase {

    static final long EVERY_MS = 300_000;
    static final int BYTES_MAX = 256 * 1024;
    static final int TIMEOUT_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(JwksWatch.class);
    private static final long LOOK_MS = 50;
    private static final int OK = 200;

    private final String uri;
    private final JwtTokens tokens;
    private final long everyMs;
    private final Incident unread;
    private @Nullable HttpClientAgent client;
    private long askedNanos;
    private boolean asking;

    /** Hands what it reads to these tokens, which use it for that long. */
    public JwksWatch(String uri, long staleMs, JwtTokens tokens) {
        this.uri = uri;
        this.everyMs = Math.max(1, Math.min(EVERY_MS, staleMs / 2));
        this.tokens = tokens;
        this.unread = new Incident(LOG, "public keys of the issuer at " + uri, System::nanoTime);
    }

    /** The start does not wait for the issuer. */
    @Override
    public Future<?> start() {
        HttpClientAgent made = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(TIMEOUT_MS).setKeepAlive(false),
                new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(1));
        client = made;
        ask(made);
        vertx.setPeriodic(LOOK_MS, id -> {
            boolean due = System.nanoTime() - askedNanos >= TimeUnit.MILLISECONDS.toNanos(everyMs);
            if (due || tokens.wantsKeys()) {
                ask(made);
            }
        });
        return Future.succeededFuture();
    }

    private void ask(HttpClient from) {
        if (asking) {
            return;
        }
        asking = true;
        askedNanos = System.nanoTime();
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(uri)
                .setFollowRedirects(false)
                .setTimeout(TIMEOUT_MS)
                .putHeader("Accept", "application/jwk-set+json, application/json");
        from.request(request)
                .compose(HttpClientRequest::send)
                .compose(JwksWatch::body)
                .map(body -> Jwks.parse(vertx, body, tokens.options()))
                .timeout(2L * TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onComplete(done -> {
                    asking = false;
                    if (done.succeeded()) {
                        tokens.loaded(done.result());
                        unread.over();
                    } else {
                        tokens.failed();
                        unread.failed(String.valueOf(done.cause().getMessage()));
                    }
                });
    }

    private static Future<String> body(HttpClientResponse response) {
        if (response.statusCode() != OK) {
            response.request().reset().onFailure(gone -> LOG.debug("already closed", gone));
            return Future.failedFuture(new IOException("it answers " + response.statusCode()));
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > BYTES_MAX) {
                response.request().reset().onFailure(gone -> LOG.debug("already closed", gone));
            }
        });
        return response.end().map(ended -> body.toString());
    }

    @Override
    public Future<?> stop() {
        return client == null ? Future.succeededFuture() : client.close();
    }
}
