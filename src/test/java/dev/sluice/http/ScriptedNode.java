package dev.sluice.http;

import dev.sluice.auth.Authentication;
import dev.sluice.auth.Identity;
import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.Endpoint;
import dev.sluice.bus.Found;
import dev.sluice.bus.Lookup;
import dev.sluice.bus.OrderBatch;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.OutcomeBatch;
import dev.sluice.bus.Wire;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.PausableTransport;
import dev.sluice.metrics.Metrics;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Priority;
import dev.sluice.quota.Quotas;
import dev.sluice.rig.OrderClient;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/** A real intake before a writer that does as the test says. Every method blocks. */
final class ScriptedNode {

    static final long DEADLINE_MS = 1_000;
    private static final long BUS_DEADLINE_MS = 20_000;
    private static final String ADDRESS = "writer";

    final Metrics metrics = Metrics.on("test");
    final AtomicInteger bulkOrders = new AtomicInteger();
    final OrderClient client;
    final MemoryBudget memory;
    final int port;
    final IntakeSharedState shared;

    private final Vertx vertx = Vertx.vertx();
    private final WriterDirectory writers = new WriterDirectory();

    /**
     * Without a writer.
     *
     * @param sets {@code key=value} each, beside short deadlines of HTTP and a long one of the bus
     */
    ScriptedNode(String... sets) throws Exception {
        this(1L << 30, sets);
    }

    /** As above, with another bound of what clients may take. */
    ScriptedNode(long memoryBytesMax, String... sets) throws Exception {
        this(memoryBytesMax, Authentication.trusting(Identity.EVERY_CLIENT), sets);
    }

    /** With clients that show who they are. */
    ScriptedNode(Authentication authentication, String... sets) throws Exception {
        this(1L << 30, authentication, sets);
    }

    private ScriptedNode(long memoryBytesMax, Authentication authentication, String... sets) throws Exception {
        Wire.register(vertx);
        SluiceConfig config = TestConfig.of(Stream.concat(
                        Stream.of("http.port=0", "http.deadlineMs=" + DEADLINE_MS, "bus.deadlineMs=" + BUS_DEADLINE_MS),
                        Arrays.stream(sets))
                .toArray(String[]::new));
        memory = new MemoryBudget(memoryBytesMax);
        shared = new IntakeSharedState(
                PausableTransport.ofThisMachine(),
                memory,
                new ConnectionBound(
                        config.http().connectionsMax(), config.http().connectionsPerAddressMax()),
                Math.max(1 << 20, config.node().directBytesMax()),
                new Quotas(config.quota(), metrics, System::nanoTime),
                null,
                authentication);
        IntakeVerticle intake = new IntakeVerticle(
                "0",
                config,
                shared,
                context -> new OrderDispatcher(
                        context, writers, "lookup", loop -> new OverflowQueue.None(), config, metrics),
                metrics,
                Clock.systemUTC());
        vertx.deployVerticle(intake).await(10, TimeUnit.SECONDS);
        port = intake.port();
        client = new OrderClient(port);
    }

    void writer(Function<OrderBatch, Future<OutcomeBatch>> script) throws Exception {
        Endpoint.<OrderBatch, OutcomeBatch>open(vertx, ADDRESS, batch -> {
                    bulkOrders.addAndGet(
                            batch.priority() == Priority.BULK ? batch.orders().size() : 0);
                    return script.apply(batch);
                })
                .await(10, TimeUnit.SECONDS);
        writers.add(ADDRESS);
    }

    void lookup(Function<Lookup, Future<Optional<FoundOrder>>> script) throws Exception {
        Endpoint.<Lookup, Found>open(
                        vertx, "lookup", lookup -> script.apply(lookup).map(Found::new))
                .await(10, TimeUnit.SECONDS);
    }

    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }
}
