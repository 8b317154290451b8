package dev.sluice.node;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.json.BridgeVerticle;
import dev.sluice.bus.json.SubmitVerticle;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.LoopPlacement.Role;
import dev.sluice.quota.Quotas;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The ways in beside HTTP: {@code orders.submit} on the event bus, and the TCP bridge. Any thread. */
final class JsonBus {

    private final NodeVertx vertx;
    private final SluiceConfig config;
    private final SubmitVerticle submit;
    private final BridgeVerticle bridge;
    private final List<String> deployments = new CopyOnWriteArrayList<>();

    JsonBus(
            NodeVertx vertx,
            SluiceConfig config,
            Function<Context, OrderDispatcher> dispatchers,
            MemoryBudget held,
            Metrics metrics,
            Quotas quotas) {
        this.vertx = vertx;
        this.config = config;
        this.submit = new SubmitVerticle(dispatchers, config, metrics, held, quotas);
        this.bridge = new BridgeVerticle(dispatchers, config, metrics, held, quotas);
    }

    /** Takes orders, where the configuration opens these ways. Fails with what is wrong with the port, where it is that. */
    Future<Void> start() {
        Future<Void> started = config.speaksJsonOnTheBus() ? deploy(Role.SUBMIT, submit) : Future.succeededFuture();
        return config.bridge().enabled() ? started.compose(done -> startBridge()) : started;
    }

    private Future<Void> startBridge() {
        return deploy(Role.BRIDGE, bridge)
                .recover(error -> ListenPorts.cannotListen(
                        "bridge", config.bridge().host(), config.bridge().port(), error));
    }

    private Future<Void> deploy(Role role, Deployable verticle) {
        return vertx.deployer()
                .deploy(role, verticle)
                .onSuccess(deployments::add)
                .mapEmpty();
    }

    /** Takes no more orders; completes when those taken are answered. */
    Future<Void> leave() {
        List<Future<?>> leaving = new ArrayList<>();
        deployments.forEach(deployment -> leaving.add(vertx.deployer().undeploy(deployment)));
        deployments.clear();
        return Future.join(leaving).mapEmpty();
    }

    /** The bridge's port, once started; 0 without a bridge. */
    int bridgePort() {
        return bridge.port();
    }
}
