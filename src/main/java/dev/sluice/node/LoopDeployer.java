package dev.sluice.node;

import dev.sluice.admin.LiveInstances;
import dev.sluice.config.SluiceConfig.Node.EventLoops;
import dev.sluice.node.LoopPlacement.Role;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Deploys the verticles of a node, each on the event loop that {@link LoopPlacement} gives it. Any thread. */
final class LoopDeployer {

    private record Placed(Role role, int loop, PlacedVerticle verticle) {}

    private final Vertx vertx;
    private final List<EventLoop> loops = new ArrayList<>();
    private final LoopPlacement placement;
    private final Map<String, Placed> running = new ConcurrentHashMap<>();
    private int intakes;
    private int writers;

    LoopDeployer(Vertx vertx, EventLoops wish) {
        this.vertx = vertx;
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            loops.add((EventLoop) loop);
        }
        this.placement = new LoopPlacement(wish, loops.size());
    }

    /** So many intakes and writers are to run from now on; those that do stay where they are. */
    synchronized void plan(int wantedIntakes, int wantedWriters) {
        intakes = wantedIntakes;
        writers = wantedWriters;
    }

    /** The result is what {@link #undeploy} takes. */
    Future<String> deploy(Role role, Deployable verticle) {
        int loop = place(role);
        PlacedVerticle placed = new PlacedVerticle(verticle, loops.get(loop));
        return vertx.deployVerticle(placed)
                .onSuccess(deployment -> running.put(deployment, new Placed(role, loop, placed)))
                .onFailure(error -> left(role, loop));
    }

    private synchronized int place(Role role) {
        return placement.place(role, intakes, writers);
    }

    private synchronized void left(Role role, int loop) {
        placement.left(role, loop);
    }

    Future<Void> undeploy(String deployment) {
        return vertx.undeploy(deployment).onComplete(done -> {
            Placed gone = running.remove(deployment);
            if (gone != null) {
                left(gone.role(), gone.loop());
            }
        });
    }

    /** What runs beside intakes and writers, by name. */
    List<LiveInstances.Other> others() {
        return running.values().stream()
                .filter(placed -> !placed.role().isLive())
                .map(placed -> new LiveInstances.Other(
                        placed.role().name().toLowerCase(Locale.ROOT),
                        placed.verticle().thread()))
                .sorted(Comparator.comparing(LiveInstances.Other::name))
                .toList();
    }
}
