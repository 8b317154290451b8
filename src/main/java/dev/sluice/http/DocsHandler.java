package dev.sluice.http;

import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /openapi.yaml}, the contract, and {@code GET /docs}, a page to try it on. Everything comes from the
 * class path, so that it works offline, and the page's policy allows it to ask no other server.
 */
final class DocsHandler {

    private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/5.34.1/";

    private static final CharSequence POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence POLICY_VALUE = HttpHeaders.createOptimized(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence REFERRER = HttpHeaders.createOptimized("Referrer-Policy");

    private static final String DOCS = "/docs";
    private static final String NO_CACHE = "no-cache";

    /** The file's version is in its path. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    /** Shared by all instances: read once. */
    private static final Map<String, Page> PAGES = pages();

    private final Vertx vertx;

    DocsHandler(Vertx vertx) {
        this.vertx = vertx;
    }

    private static Map<String, Page> pages() {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/openapi.yaml", new Page("openapi.yaml", "application/yaml", NO_CACHE));
        pages.put(DOCS, new Page("docs/index.html", "text/html; charset=utf-8", NO_CACHE));
        pages.put("/docs/start.js", new Page("docs/start.js", "text/javascript; charset=utf-8", NO_CACHE));
        pages.put(
                "/docs/swagger-ui-bundle-5.34.1.js",
                new Page(SWAGGER + "swagger-ui-bundle.js", "text/javascript; charset=utf-8", FOR_EVER));
        pages.put("/docs/swagger-ui-5.34.1.css", new Page(SWAGGER + "swagger-ui.css", "text/css", FOR_EVER));
        return pages;
    }

    Set<String> paths() {
        return PAGES.keySet();
    }

    void handle(Exchange exchange) {
        Page page = PAGES.get(exchange.request().path());
        if (page == null) {
            exchange.answer(Answer.problem(
                    Problem.of(ProblemType.NOT_FOUND, "The page is at " + DOCS + ", without a slash at its end.")));
            return;
        }
        vertx.executeBlocking(page::content, false)
                .onSuccess(content -> answer(exchange, page, content))
                .onFailure(error -> exchange.answer(Answer.problem(Problem.internal())));
    }

    private static void answer(Exchange exchange, Page page, Page.Content content) {
        HttpServerRequest request = exchange.request();
        if (!exchange.isEnded()) {
            putHeaders(request.response(), page, content);
        }
        boolean known = isKnown(content.etag(), request.getHeader(HttpHeaders.IF_NONE_MATCH));
        exchange.answer(known ? Answer.notModified(page.mediaType()) : Answer.page(page.mediaType(), content.bytes()));
    }

    /** Weak comparison, as RFC 9110 asks for: a list, or {@code *}. */
    private static boolean isKnown(String etag, @Nullable String ifNoneMatch) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String one : ifNoneMatch.split(",", -1)) {
            String tag = one.trim();
            if (tag.equals("*") || etag.equals(tag.startsWith("W/") ? tag.substring(2) : tag)) {
                return true;
            }
        }
        return false;
    }

    private static void putHeaders(HttpServerResponse response, Page page, Page.Content content) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, page.cacheControl())
                .putHeader(HttpHeaders.ETAG, content.etag())
                .putHeader(POLICY, POLICY_VALUE)
                .putHeader(NO_SNIFF, "nosniff")
                .putHeader(REFERRER, "no-referrer");
    }
}
