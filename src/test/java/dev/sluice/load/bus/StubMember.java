package dev.sluice.load.bus;

import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.bus.json.SubmitVerticle;
import dev.sluice.cluster.ClusterNode;
import dev.sluice.config.ClusterConfig;
import dev.sluice.rig.Await;
import dev.sluice.wire.Forms;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A member of a cluster that answers orders as a test says, on a loop of its own. */
final class StubMember implements AutoCloseable {

    private final ClusterNode node;
    private final @Nullable MessageConsumer<Buffer> consumer;

    private StubMember(ClusterNode node, @Nullable MessageConsumer<Buffer> consumer) {
        this.node = node;
        this.consumer = consumer;
    }

    /** One that takes orders. */
    static StubMember consuming(ClusterConfig cluster, Consumer<Message<Buffer>> answers) {
        StubMember idle = idle(cluster);
        MessageConsumer<Buffer> consumer = idle.vertx().eventBus().consumer(SubmitVerticle.ADDRESS, answers::accept);
        Await.result(consumer.completion());
        return new StubMember(idle.node, consumer);
    }

    /** One that takes none. */
    static StubMember idle(ClusterConfig cluster) {
        ClusterNode node = Await.result(ClusterNode.join(
                Vertx.builder(),
                new VertxOptions().setEventLoopPoolSize(1),
                cluster,
                new WriterDirectory(),
                new ClusterNode.Self("stub", "stub", "test", () -> 0),
                Forms.ofThisRelease(),
                new Calm()));
        Wire.register(node.vertx());
        Await.result(node.start());
        return new StubMember(node, null);
    }

    Vertx vertx() {
        return node.vertx();
    }

    /** From now on no member consumes the address. */
    void leaveAddress() {
        Await.result(consumer.unregister());
    }

    @Override
    public void close() {
        Await.result(node.vertx().close());
    }

    private static final class Calm implements ClusterNode.Standing {
        @Override
        public void reached() {}

        @Override
        public void notReached(String reason) {}

        @Override
        public void lost(String reason) {}
    }
}
