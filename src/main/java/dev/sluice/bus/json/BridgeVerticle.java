package dev.sluice.bus.json;

import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.config.BridgeConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.listener.Connections;
import dev.sluice.log.Sampled;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.AccountQuota;
import dev.sluice.quota.Excess;
import dev.sluice.quota.Quotas;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP event-bus bridge: clients in any language that speak its frames submit orders and follow commits. It has no
 * authentication. The frames are those of the Vert.x bridge, so its clients work; the bridge itself is ours, because that
 * one reads frames of any length and cannot set the account.
 */
public final class BridgeVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(BridgeVerticle.class);
    private static final int IDLE_SECONDS = 300;
    private static final long LOOK_MS = 250;

    private final Function<Context, OrderDispatcher> dispatchers;
    private final SluiceConfig config;
    private final Metrics metrics;
    private final MemoryBudget heldOnNode;
    private final Quotas quotas;

    /** The one whose client has sent nothing for longest comes first. */
    private final Set<BridgeConnection> connections = new LinkedHashSet<>();

    private final Sampled refused = new Sampled(LOG, "a bridge connection was refused", System::nanoTime);
    private final Sampled gaveWay = new Sampled(LOG, "a quiet bridge connection gave way", System::nanoTime);
    private final Sampled unread = new Sampled(LOG, "a bridge connection was cut", System::nanoTime);
    private @Nullable Started started;
    private boolean leaving;
    private @Nullable MessageConsumer<Object> follower;

    private final BridgeConnection.Owner owner = new BridgeConnection.Owner() {
        @Override
        public void registers() {
            BridgeVerticle.this.registers();
        }

        @Override
        public void sends(BridgeConnection connection) {
            BridgeVerticle.this.sends(connection);
        }
    };

    private record Started(JsonOrders orders, NetServer server) {}

    /** Makes its dispatcher at its start, on its event loop. */
    public BridgeVerticle(
            Function<Context, OrderDispatcher> dispatchers,
            SluiceConfig config,
            Metrics metrics,
            MemoryBudget heldOnNode,
            Quotas quotas) {
        this.quotas = quotas;
        this.dispatchers = dispatchers;
        this.config = config;
        this.metrics = metrics;
        this.heldOnNode = heldOnNode;
    }

    @Override
    public Future<?> start() {
        BridgeConfig bridge = config.bridge();
        JsonOrders orders = new JsonOrders(
                vertx, dispatchers.apply(context), config, metrics, heldOnNode, quotas, Clock.systemUTC());
        NetServer server = vertx.createNetServer(new NetServerOptions()
                        .setHost(bridge.host())
                        .setPort(bridge.port())
                        .setSendBufferSize(Connections.SEND_BUFFER_BYTES)
                        .setReadIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .connectHandler(socket -> connected(socket, orders))
                .exceptionHandler(error -> LOG.debug("a bridge connection failed", error));
        started = new Started(orders, server);
        warnOfStrangers(bridge);
        vertx.setPeriodic(LOOK_MS, id -> cutThoseThatTakeNothing());
        return server.listen();
    }

    private static void warnOfStrangers(BridgeConfig bridge) {
        if (!bridge.isLoopback()) {
            LOG.warn(
                    "bridge: every program that reaches {}:{} submits orders of account {} and hears its commits, without"
                            + " credentials and in clear text; let only trusted clients reach the port, or set"
                            + " bridge.host to 127.0.0.1",
                    bridge.host(),
                    bridge.port(),
                    bridge.account());
        }
    }

    private void cutThoseThatTakeNothing() {
        long now = System.nanoTime();
        for (BridgeConnection connection : List.copyOf(connections)) {
            if (connection.cutWhereNothingIsTaken(now)) {
                metrics.refused().of(Bound.ANSWER_UNREAD).increment();
                unread.happened("its client took nothing of its answers within http.deadlineMs");
            }
        }
    }

    /** The port, once started. */
    public int port() {
        Started running = started;
        return running == null ? 0 : running.server().actualPort();
    }

    private void connected(NetSocket socket, JsonOrders orders) {
        if (leaving) {
            socket.close().onFailure(error -> LOG.debug("a bridge client left", error));
            return;
        }
        if (connections.size() >= config.bridge().connectionsMax() && !makeRoom()) {
            metrics.refused().of(Bound.BRIDGE_CONNECTIONS).increment();
            refused.happened("bridge.connectionsMax is " + config.bridge().connectionsMax());
            socket.close().onFailure(error -> LOG.debug("a bridge client left", error));
            return;
        }
        AccountQuota quota = quotas.of(config.bridge().account());
        Excess excess = quota.takeConnection();
        if (excess != null) {
            refused.happened(excess.detail());
            socket.close().onFailure(error -> LOG.debug("a bridge client left", error));
            return;
        }
        BridgeConnection connection = new BridgeConnection(vertx, socket, config, heldOnNode, orders, owner);
        connections.add(connection);
        socket.exceptionHandler(error -> LOG.debug("a bridge connection failed", error));
        socket.closeHandler(gone -> {
            connections.remove(connection);
            quota.connectionEnded();
            connection.gone();
            registers();
        });
        connection.begin();
    }

    /** Has a client give way that waits for no answer and has sent nothing for longest; one that follows commits last. */
    private boolean makeRoom() {
        Optional<BridgeConnection> quiet = connections.stream()
                .filter(BridgeConnection::isIdle)
                .min(Comparator.comparing(BridgeConnection::isRegistered));
        quiet.ifPresent(connection -> {
            connections.remove(connection);
            connection.giveWay();
            metrics.refused().of(Bound.BRIDGE_CONNECTIONS).increment();
            gaveWay.happened("bridge.connectionsMax is " + config.bridge().connectionsMax());
        });
        return quiet.isPresent();
    }

    private void sends(BridgeConnection connection) {
        if (connections.remove(connection)) {
            connections.add(connection);
        }
    }

    /** Follows the commits while a client does. */
    private void registers() {
        boolean wanted = connections.stream().anyMatch(BridgeConnection::isRegistered);
        if (wanted && follower == null) {
            follower = CommittedOrders.follow(vertx, this::published);
        } else if (!wanted && follower != null) {
            follower.unregister().onFailure(error -> LOG.debug("the bridge does not leave the bus", error));
            follower = null;
        }
    }

    private void published(CommittedOrders.Published batch) {
        if (batch.account().equals(config.bridge().account())) {
            Buffer json = batch.json();
            connections.forEach(connection -> connection.published(json));
        }
    }

    /** Takes no more connections and messages, answers what has come, then ends them. */
    @Override
    public Future<?> stop() {
        Started ending = started;
        if (ending == null) {
            return Future.succeededFuture();
        }
        leaving = true;
        List.copyOf(connections).forEach(BridgeConnection::leave);
        return ending.orders().close().eventually(() -> ending.server().close());
    }
}
