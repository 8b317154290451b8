package dev.sluice.listener;

import dev.sluice.listener.request.ClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the head of a request must say on one listener before it is looked at what the request asks for: a host that is
 * served there, and, of what changes something, no page of another site as its sender. A name that a stranger's DNS
 * points to this machine is how a page reaches a listener that trusts this machine's users; the browser says the name
 * in {@code Host}. Owned by one event loop.
 */
public final class HeadCheck {

    /**
     * What a listener is told of.
     *
     * @param checksHosts whether names that are not listed are refused
     * @param allowedHosts names that are served, in any case
     * @param allowedHostsKey the configuration key that has them
     * @param logged names that were refused and are in the log, shared by the instances of a listener
     * @param origins of other sites whose pages may call
     * @param misdirected runs for each request to a host that is not served
     * @param foreign runs for each request that a page of another site sent
     */
    public record Sites(
            boolean checksHosts,
            List<String> allowedHosts,
            String allowedHostsKey,
            Set<String> logged,
            List<String> origins,
            Runnable misdirected,
            Runnable foreign) {}

    private static final Logger LOG = LoggerFactory.getLogger(HeadCheck.class);

    private static final CharSequence SEC_FETCH_SITE = HttpHeaders.createOptimized("Sec-Fetch-Site");
    private static final String LOCALHOST = "localhost";

    /** Names are a client's choice: more of them are refused without a line each. */
    private static final int NAMES_LOGGED_MAX = 100;

    private final Sites sites;
    private final Set<String> names;
    private final Set<String> origins;

    /** The last {@code Host} that was found to be served: clients say the same one again and again. */
    private String served = "";

    public HeadCheck(Sites sites) {
        this.sites = sites;
        this.names = inLowerCase(sites.allowedHosts());
        this.origins = inLowerCase(sites.origins());
    }

    private static Set<String> inLowerCase(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Why no request with this head is served, whatever it asks for; or null. */
    public @Nullable Problem refusal(ClientRequest request) {
        Problem host = hostRefusal(request);
        if (host != null) {
            return host;
        }
        String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
        return coding == null || coding.equalsIgnoreCase("chunked")
                ? null
                : Problem.of(ProblemType.NOT_IMPLEMENTED, "The only transfer coding here is chunked.");
    }

    private @Nullable Problem hostRefusal(ClientRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null) {
            return request.version() == HttpVersion.HTTP_1_0
                    ? absoluteRefusal(request)
                    : Problem.badRequest("HTTP/1.1 demands a Host header, HTTP/2 an :authority.");
        }
        if (host.equals(served) && isOriginForm(request)) {
            return null;
        }
        Authority named = Authority.parse(host);
        if (named == null) {
            return Problem.badRequest("The Host header names no host.");
        }
        if (!isOriginForm(request)) {
            return absoluteRefusal(request);
        }
        Problem refusal = unserved(named);
        if (refusal == null) {
            served = host;
        }
        return refusal;
    }

    private static boolean isOriginForm(ClientRequest request) {
        return request.uri().startsWith("/");
    }

    /** The host in a target of the absolute form wins over the one in {@code Host}. */
    private @Nullable Problem absoluteRefusal(ClientRequest request) {
        String text = absolute(request.uri());
        if (text == null) {
            String host = request.getHeader(HttpHeaders.HOST);
            Authority named = host == null ? null : Authority.parse(host);
            return named == null ? null : unserved(named);
        }
        Authority named = Authority.parse(text);
        return named == null ? Problem.badRequest("The request target names no host.") : unserved(named);
    }

    /** The authority of a target of the absolute form, or null. */
    private static @Nullable String absolute(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        return scheme < 0 ? null : target.substring(scheme + 3).split("[/?#]", 2)[0];
    }

    private @Nullable Problem unserved(Authority named) {
        if (!sites.checksHosts()
                || named.isAddress()
                || named.host().equals(LOCALHOST)
                || names.contains(named.host())) {
            return null;
        }
        sites.misdirected().run();
        logOnce(named.host());
        return Problem.of(
                ProblemType.MISDIRECTED_REQUEST,
                "This listener does not serve the host '" + named.host() + "'; " + sites.allowedHostsKey()
                        + " allows it.");
    }

    private void logOnce(String host) {
        if (sites.logged().size() < NAMES_LOGGED_MAX && sites.logged().add(host)) {
            LOG.warn(
                    "a request for the host '{}' was refused (421): it is no address, not localhost and not in {};"
                            + " if clients may use this name, add it there",
                    host,
                    sites.allowedHostsKey());
        }
    }

    /** Whether the path is spelled as a listener spells its paths: nothing to decode, to resolve or to cut off. */
    public static boolean isPlain(@Nullable String path) {
        return path != null
                && path.indexOf('%') < 0
                && !path.contains("//")
                && !path.contains("/.")
                && (path.length() == 1 || !path.endsWith("/"));
    }

    /** Why a request that changes something is not served, by the page that sent it; or null. */
    public @Nullable Problem foreignRefusal(ClientRequest request) {
        if (request.getHeader(HttpHeaders.ORIGIN) == null) {
            boolean crossSite = "cross-site".equalsIgnoreCase(request.getHeader(SEC_FETCH_SITE));
            return crossSite ? foreign("Sec-Fetch-Site says that a page of another site sent this.") : null;
        }
        boolean own = request.headers().getAll(HttpHeaders.ORIGIN).stream()
                .allMatch(origin -> isAllowed(origin) || isOwn(origin, request));
        return own ? null : foreign("Origin says that a page of another site sent this.");
    }

    private Problem foreign(String detail) {
        sites.foreign().run();
        return Problem.of(ProblemType.FOREIGN_ORIGIN, detail);
    }

    /** Whether pages of that origin may call although it is another site. */
    public boolean isAllowed(@Nullable String origin) {
        return origin != null && origins.contains(origin.toLowerCase(Locale.ROOT));
    }

    /** Whether pages of any other site may call. */
    public boolean allowsOrigins() {
        return !origins.isEmpty();
    }

    /** Whether the page is of the host and port that the request was sent to. */
    private static boolean isOwn(String origin, ClientRequest request) {
        String absolute = absolute(request.uri());
        String host = absolute == null ? request.getHeader(HttpHeaders.HOST) : absolute;
        Authority named = host == null ? null : Authority.parse(host);
        return named != null && named.origin(request.connection().isSsl()).equalsIgnoreCase(origin);
    }
}
