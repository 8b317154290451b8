package dev.sluice.bus;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Waits until every event loop has ended the turn it was in. Whoever read something shared before it changed, and used
 * it in the same turn, is then done with it: so a writer that has left the directory knows that the last message to it
 * is in its queue.
 */
final class LoopTurns {

    private LoopTurns() {}

    /** Completes behind whatever other loops gave the calling loop during those turns. */
    static Future<Void> ended(Vertx vertx) {
        List<Future<Void>> turns = new ArrayList<>();
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            turns.add(turn(loop));
        }
        PromiseInternal<Void> here =
                ((VertxInternal) vertx).getOrCreateContext().promise();
        Future.join(turns).<Void>mapEmpty().onComplete(here);
        return here.future();
    }

    private static Future<Void> turn(EventExecutor loop) {
        Promise<Void> ended = Promise.promise();
        try {
            loop.execute(ended::complete);
        } catch (RejectedExecutionException shutDown) {
            ended.fail(shutDown);
        }
        return ended.future();
    }
}
