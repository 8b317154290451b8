package dev.sluice.node;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A verticle on the event loop that is chosen for it; Vert.x itself takes loops in turn. It lives in a context of its
 * deployment's kind, so that Vert.x closes with it what it opened.
 */
final class PlacedVerticle implements Deployable {

    private final Deployable verticle;
    private final EventLoop loop;
    private volatile String thread = "";
    private volatile @Nullable Context placed;

    PlacedVerticle(Deployable verticle, EventLoop loop) {
        this.verticle = verticle;
        this.loop = loop;
    }

    /** Name of the loop's thread, once deployed. */
    String thread() {
        return thread;
    }

    @Override
    public Future<?> deploy(Context given) {
        ContextInternal own =
                ((ContextInternal) given).toBuilder().withEventLoop(loop).build();
        placed = own;
        return on(own, given, () -> {
            thread = Thread.currentThread().getName();
            return verticle.deploy(own);
        });
    }

    @Override
    public Future<?> undeploy(Context given) {
        Context own = placed;
        return own == null ? Future.succeededFuture() : on(own, given, () -> verticle.undeploy(own));
    }

    private static Future<?> on(Context own, Context given, Callable<Future<?>> step) {
        Promise<Object> done = ((ContextInternal) given).promise();
        own.runOnContext(turn -> call(step).onComplete(ended -> {
            if (ended.succeeded()) {
                done.complete();
            } else {
                done.fail(ended.cause());
            }
        }));
        return done.future();
    }

    private static Future<?> call(Callable<Future<?>> step) {
        try {
            return step.call();
        } catch (Exception error) {
            return Future.failedFuture(error);
        }
    }
}
