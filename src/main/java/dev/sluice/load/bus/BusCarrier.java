package dev.sluice.load.bus;

import dev.sluice.bus.json.SubmitClient;
import dev.sluice.load.run.Carrier;
import dev.sluice.load.run.Line;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.OrderDocuments;
import dev.sluice.load.run.RunLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Lines of a member of the cluster, and the event loop that carries all that it sends and hears. */
final class BusCarrier implements Carrier, RunLoop {

    private final BusMember member;
    private final ContextInternal context;
    private final SubmitClient client;
    private final OrderDocuments documents;
    private final int batch;

    BusCarrier(BusMember member, SubmitClient client, OrderDocuments documents, int batch) {
        this.member = member;
        this.context = member.context();
        this.client = client;
        this.documents = documents;
        this.batch = batch;
    }

    @Override
    public RunLoop loop() {
        return this;
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    /** By the loop itself: a timer of Vert.x knows whole milliseconds only. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is never cancelled
    public void schedule(Runnable task, long delayNanos) {
        context.nettyEventLoop().schedule(() -> context.dispatch(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Line line(LoadRun run) {
        return new BusLine(run, client, documents, batch);
    }

    @Override
    public CompletionStage<Void> close() {
        return member.leave();
    }
}
