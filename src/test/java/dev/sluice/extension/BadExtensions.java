package dev.sluice.extension;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Extensions that do what no extension should; what the tests see of them is static, as Sluice makes the instances. */
public final class BadExtensions {

    static final int FLOOD = 100_000;

    private BadExtensions() {}

    /** It throws before it has started. */
    public static final class ThrowsAtStart extends VerticleBase {
        @Override
        public Future<?> start() {
            throw new IllegalStateException("no licence");
        }
    }

    /** Its start fails. */
    public static final class FailsAtStart extends VerticleBase {
        @Override
        public Future<?> start() {
            return Future.failedFuture(new IllegalStateException("no licence"));
        }
    }

    /** A class that it was compiled against is missing. */
    public static final class LacksAClass extends VerticleBase {
        @Override
        public Future<?> start() {
            throw new NoClassDefFoundError("no licence");
        }
    }

    /** It cannot be made. */
    public static final class CannotBeMade extends VerticleBase {
        public CannotBeMade() {
            throw new IllegalStateException("no licence");
        }
    }

    /** Its handler throws at each batch of commits. */
    public static final class ThrowsInHandler extends VerticleBase {
        static final AtomicInteger HEARD = new AtomicInteger();

        @Override
        public Future<?> start() {
            return vertx.eventBus()
                    .consumer("orders.committed", message -> {
                        HEARD.incrementAndGet();
                        throw new IllegalStateException("no idea what this is");
                    })
                    .completion();
        }
    }

    /** Its thread is blocked by the first batch of commits until the test lets it go. */
    public static final class Blocks extends VerticleBase {
        static final AtomicInteger HEARD = new AtomicInteger();
        static volatile CountDownLatch release = new CountDownLatch(1);

        @Override
        public Future<?> start() {
            return vertx.eventBus()
                    .consumer("orders.committed", message -> {
                        HEARD.incrementAndGet();
                        await(release);
                    })
                    .completion();
        }
    }

    /** Its start is blocked. */
    public static final class BlocksAtStart extends VerticleBase {
        static final CountDownLatch BEGUN = new CountDownLatch(1);
        static final CountDownLatch RELEASE = new CountDownLatch(1);

        @Override
        public Future<?> start() {
            BEGUN.countDown();
            await(RELEASE);
            return Future.succeededFuture();
        }
    }

    /** At the first batch of commits it publishes as many messages as it can, and sends as many orders. */
    public static final class Floods extends VerticleBase {
        static final AtomicInteger SENT = new AtomicInteger();

        @Override
        public Future<?> start() {
            return vertx.eventBus()
                    .consumer("orders.committed", message -> {
                        for (int i = 0; SENT.get() < FLOOD; i++, SENT.incrementAndGet()) {
                            vertx.eventBus().publish("orders.flood", new JsonObject().put("number", i));
                            vertx.eventBus().send("orders.submit", order(config().getString("key") + i));
                        }
                    })
                    .completion();
        }
    }

    static JsonObject order(String key) {
        return new JsonObject("{\"clientOrderId\":\"" + key + "\",\"customerId\":\"c\",\"currency\":\"EUR\","
                + "\"items\":[{\"sku\":\"A\",\"quantity\":2,\"unitPrice\":\"12.50\"}]}");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
