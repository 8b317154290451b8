package dev.sluice.listener;

import dev.sluice.listener.request.ClientRequest;
import dev.sluice.listener.request.HeaderList;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * {@code GET /openapi.yaml}, the contract of a listener, and {@code GET /docs}, a page to try it on. Everything comes
 * from the class path, so that it works offline, and the page's policy allows it to ask no other server. On the event
 * loop of its Vert.x; files are read off it.
 */
public final class Documentation {

    /** The page. */
    public static final String DOCS = "/docs";

    private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/5.34.1/";

    private static final CharSequence POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence POLICY_VALUE = HttpHeaders.createOptimized(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence REFERRER = HttpHeaders.createOptimized("Referrer-Policy");

    private static final String NO_CACHE = "no-cache";

    /** The file's version is in its path. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    /** Shared by all instances: read once. */
    private static final Map<String, StaticFile> ORDERS = orderFiles();

    private static final Map<String, StaticFile> ADMIN = files("admin-openapi.yaml", "docs/admin.html");

    /**
     * A file to answer with.
     *
     * @param isKnown whether the client has it already: 304
     * @param headers of either answer
     */
    public record File(boolean isKnown, String mediaType, Buffer bytes, Map<CharSequence, CharSequence> headers) {}

    private final Vertx vertx;
    private final Map<String, StaticFile> files;

    private Documentation(Vertx vertx, Map<String, StaticFile> files) {
        this.vertx = vertx;
        this.files = files;
    }

    /** The documentation on the listener of the order API. */
    public static Documentation ofOrders(Vertx vertx) {
        return new Documentation(vertx, ORDERS);
    }

    /** The documentation on the admin listener. */
    public static Documentation ofAdmin(Vertx vertx) {
        return new Documentation(vertx, ADMIN);
    }

    private static Map<String, StaticFile> orderFiles() {
        Map<String, StaticFile> files = files("openapi.yaml", "docs/index.html");
        files.put("/asyncapi.yaml", new StaticFile("asyncapi.yaml", "application/yaml", NO_CACHE));
        return files;
    }

    private static Map<String, StaticFile> files(String contract, String page) {
        Map<String, StaticFile> files = new LinkedHashMap<>();
        files.put("/openapi.yaml", new StaticFile(contract, "application/yaml", NO_CACHE));
        files.put(DOCS, new StaticFile(page, "text/html; charset=utf-8", NO_CACHE));
        files.put("/docs/start.js", new StaticFile("docs/start.js", "text/javascript; charset=utf-8", NO_CACHE));
        files.put(
                "/docs/swagger-ui-bundle-5.34.1.js",
                new StaticFile(SWAGGER + "swagger-ui-bundle.js", "text/javascript; charset=utf-8", FOR_EVER));
        files.put("/docs/swagger-ui-5.34.1.css", new StaticFile(SWAGGER + "swagger-ui.css", "text/css", FOR_EVER));
        return files;
    }

    /** Every path that it answers, each by GET and HEAD. */
    public Set<String> paths() {
        return files.keySet();
    }

    /** Whether a request is for the page in another spelling, which people type. */
    public static boolean isPageMisspelt(ClientRequest request) {
        boolean reads = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        return reads && (DOCS + "/").equals(request.path());
    }

    /** The file of a request for one of {@link #paths()}. */
    public Future<File> file(ClientRequest request) {
        StaticFile file = Objects.requireNonNull(files.get(request.path()), "a path that is not routed");
        List<String> known = HeaderList.of(request, HttpHeaders.IF_NONE_MATCH);
        return vertx.executeBlocking(file::content, false)
                .map(content -> new File(
                        isKnown(content.etag(), known), file.mediaType(), content.bytes(), headers(file, content)));
    }

    /** Weak comparison, as RFC 9110 asks for, with any of the tags; or {@code *}. */
    private static boolean isKnown(String etag, List<String> tags) {
        return tags.stream()
                .anyMatch(tag -> tag.equals("*") || etag.equals(tag.startsWith("W/") ? tag.substring(2) : tag));
    }

    private static Map<CharSequence, CharSequence> headers(StaticFile file, StaticFile.Content content) {
        return Map.of(
                HttpHeaders.CACHE_CONTROL,
                file.cacheControl(),
                HttpHeaders.ETAG,
                content.etag(),
                POLICY,
                POLICY_VALUE,
                NO_SNIFF,
                "nosniff",
                REFERRER,
                "no-referrer");
    }
}
