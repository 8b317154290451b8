package dev.sluice.admin;

import dev.sluice.auth.Scope;
import dev.sluice.listener.Documentation;
import dev.sluice.listener.HeadCheck;
import dev.sluice.listener.Problem;
import dev.sluice.listener.ProblemType;
import dev.sluice.listener.request.GeneralRequest;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the admin listener: what answers each, and the scope that its client needs. On its event loop. */
record AdminRoutes(Vertx vertx, NodeView node, Metrics metrics, Probes probes, AdminGate gate) {

    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
    private static final String VERTICLES = "/admin/verticles";

    void addTo(Router router) {
        get(router, "/healthz", probes::health);
        get(router, "/readyz", probes::ready);
        Handler<RoutingContext> reads = gate.needs(Scope.OPS_READ);
        get(router, "/metrics", reads, this::scrape);
        get(router, "/version", reads, this::version);
        Operations operations = new Operations(node.settings(), node.instances(), metrics);
        get(router, "/admin/config", reads, operations::config);
        router.patch(VERTICLES)
                .handler(gate::refuseForeign)
                .handler(gate.needs(Scope.OPS_WRITE))
                .handler(operations::resize);
        get(router, VERTICLES, reads, operations::verticles);
        get(router, "/admin/cluster", reads, node.cluster()::answer);
        overflow(router);
        AdminDocs docs = new AdminDocs(vertx);
        docs.paths().forEach(path -> get(router, path, docs::handle));
        get(router, "/", AdminDocs::redirect);
        router.route().handler(AdminRoutes::notFound);
        router.errorHandler(400, ctx -> gate.unlessRefused(ctx, AdminRoutes::badRequest));
        router.errorHandler(404, ctx -> gate.unlessRefused(ctx, AdminRoutes::notFound)); // a target without a path
        router.errorHandler(500, AdminRoutes::failed);
    }

    private void overflow(Router router) {
        OverflowCalls overflow = new OverflowCalls(node.overflow());
        get(router, "/admin/overflow", gate.needs(Scope.OPS_READ), overflow::status);
        get(router, "/admin/dead-letters", gate.needs(Scope.DEAD_READ), overflow::list);
        router.post("/admin/dead-letters/:id/replay")
                .handler(gate::refuseForeign)
                .handler(gate.needs(Scope.DEAD_WRITE))
                .handler(overflow::replay);
        router.route("/admin/dead-letters/:id/replay").handler(ctx -> methodNotAllowed(ctx, "POST"));
        router.delete("/admin/dead-letters/:id")
                .handler(gate::refuseForeign)
                .handler(gate.needs(Scope.DEAD_WRITE))
                .handler(overflow::discard);
        router.route("/admin/dead-letters/:id").handler(ctx -> methodNotAllowed(ctx, "DELETE"));
    }

    @SafeVarargs
    private static void get(Router router, String path, Handler<RoutingContext>... handlers) {
        for (Handler<RoutingContext> handler : handlers) {
            router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
        }
        String allow = path.equals(VERTICLES) ? "GET, HEAD, PATCH" : "GET, HEAD";
        router.route(path).handler(ctx -> methodNotAllowed(ctx, allow));
    }

    /** Hands on a plain path, before any route; another spelling leads to the page of the documentation, or nowhere. */
    static void admitted(RoutingContext ctx) {
        if (HeadCheck.isPlain(ctx.request().path())) {
            ctx.next();
        } else if (Documentation.isPageMisspelt(new GeneralRequest(ctx.request()))) {
            AdminDocs.redirect(ctx);
        } else {
            notFound(ctx);
        }
    }

    /** Off the event loop, which answers probes meanwhile. */
    private void scrape(RoutingContext ctx) {
        vertx.executeBlocking(metrics::scrape, false)
                .onSuccess(text -> AdminAnswer.send(ctx, 200, Metrics.CONTENT_TYPE, text))
                .onFailure(ctx::fail);
    }

    private void version(RoutingContext ctx) {
        AdminAnswer.json(
                ctx,
                new JsonObject()
                        .put("version", node.version())
                        .put("java", Runtime.version().toString()));
    }

    private static void methodNotAllowed(RoutingContext ctx, String allow) {
        ctx.response().putHeader(HttpHeaders.ALLOW, allow);
        AdminAnswer.problem(ctx, Problem.methodNotAllowed(allow));
    }

    private static void notFound(RoutingContext ctx) {
        AdminAnswer.problem(
                ctx,
                ProblemType.NOT_FOUND,
                "there are /docs, /healthz, /readyz, /metrics, /version, /admin/config, /admin/verticles,"
                        + " /admin/cluster, /admin/overflow and /admin/dead-letters");
    }

    private static void badRequest(RoutingContext ctx) {
        AdminAnswer.problem(ctx, Problem.badRequest("the request target is malformed"));
    }

    private static void failed(RoutingContext ctx) {
        LOG.warn("admin request failed: {}", ctx.normalizedPath(), ctx.failure());
        AdminAnswer.problem(ctx, Problem.internal());
    }
}
