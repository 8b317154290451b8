package dev.sluice.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.TestConfig;
import dev.sluice.http.Contract;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract has every call of the admin listener, and no other. */
@Tag("contract")
@Timeout(30)
class AdminDocumentedTest {

    @Test
    void everyCallIsInTheContract() throws Exception {
        Vertx vertx = AdminVerticle.ownVertx();
        try (Metrics metrics = Metrics.on("1.2.3")) {
            AdminVerticle admin = new AdminVerticle(
                    TestConfig.of("admin.port=0"),
                    new NodeView("1.2.3", List.of(), new FakeInstances()),
                    metrics,
                    new Readiness(),
                    new LoopPulse(System::nanoTime));
            vertx.deployVerticle(admin).await(10, TimeUnit.SECONDS);
            assertEquals(documented(), answered(admin));
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Set<String> answered(AdminVerticle admin) {
        Set<String> calls = new TreeSet<>();
        for (Route route : admin.routes().getRoutes()) {
            Set<HttpMethod> methods = route.methods() == null ? Set.of() : route.methods();
            for (HttpMethod method : methods) {
                if (!method.equals(HttpMethod.HEAD) && !isOfThePage(route.getName())) {
                    calls.add(method + " " + route.getName().replace(":id", "{id}"));
                }
            }
        }
        return calls;
    }

    /** The page's own files, and the way to it. */
    private static boolean isOfThePage(String path) {
        return path.equals("/") || path.startsWith("/docs/");
    }

    private static Set<String> documented() {
        JsonObject paths = new Contract().document().getJsonObject("paths");
        return paths.fieldNames().stream()
                .flatMap(path -> paths.getJsonObject(path).stream()
                        .filter(member -> isAdmin(member.getValue()))
                        .map(member -> member.getKey().toUpperCase(Locale.ROOT) + " " + path))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isAdmin(Object member) {
        return member instanceof JsonObject operation
                && !operation.getJsonArray("tags").contains("orders");
    }
}
