package dev.sluice.node;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The live instances of one verticle, numbered from 0; the last one in is the first one out, so that numbers are used
 * again. May be read on any thread; one change at a time.
 */
final class InstanceGroup<V extends Deployable> {

    /** How an instance comes and goes beside its deployment. */
    interface Conduct<V> {
        /** When a new instance has taken up its work. */
        Future<?> joined(V verticle);

        /** Ends what it has begun; afterwards it is undeployed. */
        Future<?> leave(V verticle);
    }

    private record Live<V>(V verticle, String deployment) {}

    private final NodeVertx vertx;
    private final LoopPlacement.Role role;
    private final IntFunction<V> maker;
    private final Conduct<V> conduct;
    private final List<Live<V>> live = new CopyOnWriteArrayList<>();

    InstanceGroup(NodeVertx vertx, LoopPlacement.Role role, IntFunction<V> maker, Conduct<V> conduct) {
        this.vertx = vertx;
        this.role = role;
        this.maker = maker;
        this.conduct = conduct;
    }

    List<V> verticles() {
        return live.stream().map(Live::verticle).toList();
    }

    int size() {
        return live.size();
    }

    /** Deploys until there are so many. One after the other: the first one chooses the port that the others share. */
    Future<Void> grow(int wanted) {
        Future<Void> grown = Future.succeededFuture();
        for (int number = live.size(); number < wanted; number++) {
            int next = number;
            grown = grown.compose(done -> deploy(maker.apply(next)));
        }
        return grown;
    }

    private Future<Void> deploy(V verticle) {
        return vertx.deployer()
                .deploy(role, verticle)
                .onSuccess(deployment -> live.add(new Live<>(verticle, deployment)))
                .mapEmpty();
    }

    /** Grows or shrinks; where new instances do not take up their work within the limit, all is as before. */
    Future<Void> resize(int wanted, long joinLimitMs) {
        int before = live.size();
        return wanted < before
                ? shrink(wanted)
                : grow(wanted)
                        .compose(done -> joined(before).timeout(joinLimitMs, TimeUnit.MILLISECONDS))
                        .recover(error -> shrink(before).compose(done -> Future.failedFuture(error)));
    }

    private Future<Void> joined(int from) {
        return all(live.subList(from, live.size()), instance -> conduct.joined(instance.verticle()));
    }

    private Future<Void> shrink(int wanted) {
        return all(live.subList(wanted, live.size()), this::remove);
    }

    private Future<?> remove(Live<V> instance) {
        return conduct.leave(instance.verticle())
                .eventually(() -> vertx.deployer().undeploy(instance.deployment()))
                .eventually(() -> {
                    live.remove(instance);
                    return Future.succeededFuture();
                });
    }

    /** Lets all of them end what they have begun, and keeps them deployed. */
    Future<Void> leave() {
        return all(live, instance -> conduct.leave(instance.verticle()));
    }

    private static <T> Future<Void> all(List<T> instances, Function<T, Future<?>> action) {
        return Future.join(List.copyOf(instances).stream().map(action).toList()).mapEmpty();
    }
}
