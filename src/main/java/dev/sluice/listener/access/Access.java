package dev.sluice.listener.access;

import dev.sluice.auth.Authentication;
import dev.sluice.auth.Decision;
import dev.sluice.auth.Decision.Granted;
import dev.sluice.auth.Decision.Refused;
import dev.sluice.auth.Identity;
import dev.sluice.auth.Refusal;
import dev.sluice.auth.Scope;
import dev.sluice.listener.request.ClientRequest;
import dev.sluice.log.Audit;
import dev.sluice.metrics.Counter;
import dev.sluice.metrics.Metrics;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.SocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client of a request may do what it asks, on one listener. Refused credentials are counted, and of each
 * kind one in {@value #SAID_EVERY_SECONDS} s is in the audit log with the number of all so far. Any thread; the body of a
 * request is not read.
 */
public final class Access {

    private static final long SAID_EVERY_SECONDS = 10;
    private static final String TOKEN_IN_QUERY = "access_token=";

    private final Authentication authentication;
    private final Metrics metrics;
    private final Map<Refusal, AtomicLong> saidNanos = new EnumMap<>(Refusal.class);

    public Access(Authentication authentication, Metrics metrics) {
        this.authentication = authentication;
        this.metrics = metrics;
        long longAgo = System.nanoTime() - TimeUnit.SECONDS.toNanos(SAID_EVERY_SECONDS);
        for (Refusal reason : Refusal.values()) {
            saidNanos.put(reason, new AtomicLong(longAgo));
        }
    }

    /** Whether clients of this listener are served without credentials. */
    public boolean isOpen() {
        return authentication.servesAnonymous();
    }

    /** The decision; a refusal is counted and said. */
    public Decision decide(ClientRequest request, Scope needed) {
        return decide(request, null, needed);
    }

    /** The same for a client whose certificate may say whose it is: where it shows no other credentials, that counts. */
    public Decision decide(ClientRequest request, @Nullable String certified, Scope needed) {
        Decision decision = certified == null || !Scope.OF_CLIENTS.contains(needed) || showsMore(request)
                ? decisionOf(request, needed)
                : new Granted(Identity.certified(certified));
        if (decision instanceof Refused refused) {
            refused(refused.reason(), request);
        } else if (decision instanceof Granted granted && granted.identity().method() == Identity.Method.ANONYMOUS) {
            metrics.anonymousRequests().increment();
        }
        return decision;
    }

    private boolean showsMore(ClientRequest request) {
        return authentication.asks() && request.getHeader(HttpHeaders.AUTHORIZATION) != null;
    }

    private Decision decisionOf(ClientRequest request, Scope needed) {
        if (!authentication.asks()) {
            return authentication.decide(null, needed);
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return authorization != null && isSentTwice(request)
                ? Authentication.refused(Refusal.INVALID_REQUEST)
                : authentication.decide(authorization, needed);
    }

    private static boolean isSentTwice(ClientRequest request) {
        String query = request.query();
        boolean twoHeaders = request.headers().getAll(HttpHeaders.AUTHORIZATION).size() > 1;
        return twoHeaders || (query != null && ("&" + query).contains("&" + TOKEN_IN_QUERY));
    }

    private void refused(Refusal reason, ClientRequest request) {
        Counter counter = metrics.refusedCredentials().of(reason);
        counter.increment();
        if (isToBeSaid(reason)) {
            Audit.did(
                    "client at " + address(request),
                    "showed credentials",
                    request.method() + " " + request.path(),
                    "refused, " + reason.name().toLowerCase(Locale.ROOT) + ", " + counter.total() + " so far");
        }
    }

    @SuppressWarnings("NullAway") // every reason has its time
    private boolean isToBeSaid(Refusal reason) {
        AtomicLong said = saidNanos.get(reason);
        long before = said.get();
        long now = System.nanoTime();
        return now - before >= TimeUnit.SECONDS.toNanos(SAID_EVERY_SECONDS) && said.compareAndSet(before, now);
    }

    private static String address(ClientRequest request) {
        SocketAddress client = request.connection().remoteAddress();
        return client == null ? "a closed connection" : String.valueOf(client.hostAddress());
    }
}
