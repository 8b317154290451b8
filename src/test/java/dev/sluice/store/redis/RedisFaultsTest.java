package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.NotStored;
import dev.sluice.order.Outcome.Queued;
import dev.sluice.rig.Await;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.OverflowState;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Redis that freezes, dies, fills up, or comes back empty. */
@Tag("contract")
class RedisFaultsTest {

    private static final long AMPLE_MS = 10_000;

    private static List<Outcome> offer(RedisRig rig, List<Order> orders, long deadlineMs) {
        rig.overflow();
        return rig.await(() -> rig.overflow().offer(orders, rig.in(deadlineMs)));
    }

    private static Map<UUID, Order> find(RedisRig rig, Collection<UUID> ids) {
        return rig.await(() -> rig.overflow().find(ids, rig.in(AMPLE_MS)));
    }

    private static StoreFailure.Kind failureOf(Runnable call) {
        return assertThrows(StoreFailure.class, call::run).kind();
    }

    @Test
    void aFrozenServerIsGivenUpAtTheDeadlineAndUsedAgainWhenItAnswers() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            List<Order> orders = TestOrders.many("k", 2);
            offer(rig, orders, AMPLE_MS);
            server.freeze();
            long before = System.nanoTime();
            List<Outcome> frozen = offer(rig, TestOrders.many("n", 1), 200);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            assertTrue(tookMs < 1_000, "took " + tookMs + " ms");
            assertInstanceOf(NotStored.class, frozen.get(0), "the look was not answered, and nothing sent");
            rig.until("the connection is closed", () -> rig.status("overflow").downs() == 1);
            assertInstanceOf(
                    NotStored.class, offer(rig, TestOrders.many("n", 1), 200).get(0));

            server.thaw();
            rig.awaitUp();
            assertInstanceOf(
                    Queued.class, offer(rig, TestOrders.many("n", 1), AMPLE_MS).get(0));
            assertEquals(2, find(rig, orders.stream().map(Order::id).toList()).size());
        }
    }

    @Test
    void aServerThatFreezesWhileIdleIsNoticed() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            rig.overflow();
            server.freeze();
            rig.until("it is not up", () -> !rig.status("overflow").isUp());
            server.thaw();
            rig.awaitUp();
        }
    }

    @Test
    void everyAcknowledgedOrderIsThereAfterAKillInTheMiddle() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server, "overflow.partitions=2", "overflow.deadLettersMax=10")) {
            List<UUID> acknowledged = new ArrayList<>();
            rig.overflow();
            Thread killer = new Thread(() -> {
                Await.until("200 acknowledged orders", () -> acknowledged.size() >= 200);
                server.kill();
            });
            killer.start();
            for (int i = 0; rig.status("overflow").isUp(); i++) {
                List<Order> orders = TestOrders.many("b" + i + "-", 7);
                List<Outcome> outcomes = offer(rig, orders, AMPLE_MS);
                for (int k = 0; k < orders.size(); k++) {
                    if (outcomes.get(k) instanceof Queued) {
                        acknowledged.add(orders.get(k).id());
                    }
                }
            }
            killer.join();
            assertTrue(acknowledged.size() >= 200, "void: too few were acknowledged");
            assertInstanceOf(
                    NotStored.class, offer(rig, TestOrders.many("n", 1), 200).get(0));
            server.restart();
            rig.awaitUp();
            assertEquals(acknowledged.size(), find(rig, acknowledged).size());
        }
    }

    @Test
    void aFullServerRefusesAndKeepsWhatItAcknowledged() throws Exception {
        try (TestRedis server = TestRedis.start("maxmemory", "4mb");
                RedisRig rig = RedisRig.on(server)) {
            List<UUID> acknowledged = new ArrayList<>();
            NotStored refused = fill(rig, acknowledged);
            assertTrue(refused.reason().contains("no memory left (maxmemory)"), refused.reason());
            assertTrue(acknowledged.size() > 500, "void: full at once");
            assertEquals(acknowledged.size(), find(rig, acknowledged).size());

            rig.reader("a");
            List<Delivery> deliveries = rig.await(() -> rig.reader("a").read(500));
            List<Settlement> deaths = List.of(Settlement.dead(deliveries.get(0), "no"));
            assertEquals(
                    StoreFailure.Kind.NOT_STORED,
                    failureOf(() -> rig.await(() -> rig.reader("a").settle(deaths))));
            assertEquals(acknowledged.size(), find(rig, acknowledged).size(), "it stays queued");

            List<Settlement> done =
                    deliveries.stream().skip(1).map(Settlement::done).toList();
            rig.await(() -> rig.reader("a").settle(done));
            assertEquals(
                    acknowledged.size() - done.size(), find(rig, acknowledged).size(), "what is stored leaves");
            rig.until("there is room for a dead letter", () -> {
                drain(rig.reader("a"), rig);
                return settles(rig, deaths);
            });
            rig.until("it takes orders again", () -> {
                drain(rig.reader("a"), rig);
                return offer(rig, TestOrders.many("n", 1), AMPLE_MS).get(0) instanceof Queued;
            });
        }
    }

    private static boolean settles(RedisRig rig, List<Settlement> settlements) {
        return rig.await(
                () -> rig.reader("a").settle(settlements).map(settled -> true).otherwise(full -> false));
    }

    private static NotStored fill(RedisRig rig, List<UUID> acknowledged) {
        for (int i = 0; i < 1_000; i++) {
            List<Order> orders = TestOrders.many("b" + i + "-", 50);
            List<Outcome> outcomes = offer(rig, orders, AMPLE_MS);
            if (outcomes.get(0) instanceof NotStored refused) {
                assertTrue(outcomes.stream().allMatch(NotStored.class::isInstance), "a transaction is whole");
                return refused;
            }
            orders.forEach(order -> acknowledged.add(order.id()));
        }
        throw new AssertionError("void: it does not get full");
    }

    @Test
    void aFullServerCanBeConnectedTo() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            List<Order> orders = TestOrders.many("k", 3);
            offer(rig, orders, AMPLE_MS);
            server.command("CONFIG", "SET", "maxmemory", "1mb");
            rig.reconnect();
            rig.reader("a");
            List<Delivery> deliveries = rig.await(() -> rig.reader("a").read(10));
            assertEquals(3, deliveries.size());
            rig.await(() -> rig.reader("a")
                    .settle(deliveries.stream().map(Settlement::done).toList()));
            assertEquals(
                    new OverflowState(0, 0, 0), rig.await(() -> rig.reader("a").look()));
        }
    }

    @Test
    void aQueueThatComesBackEmptyIsSaidOnceByEachConnectionThatKnewIt() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            offer(rig, TestOrders.many("k", 3), AMPLE_MS);
            rig.reader("a");
            rig.await(() -> rig.reader("a").look());
            int downs = rig.status("reader a").downs();
            server.restart();
            rig.until("the restart is noticed", () -> rig.status("reader a").downs() > downs);
            rig.awaitUp();
            rig.await(() -> rig.reader("a").look());
            assertFalse(rig.reader("a").hasSeenLoss(), "a restart loses nothing");
            assertEquals(List.of(), rig.status("reader a").losses);

            server.restartEmpty();
            rig.until("the loss is seen", () -> rig.reader("a").hasSeenLoss());
            rig.until(
                    "by the other one too", () -> !rig.status("overflow").losses.isEmpty());
            rig.awaitUp();
            rig.await(() -> rig.reader("a").look());
            rig.await(() -> rig.reader("a").look());
            List<String> losses = rig.status("reader a").losses;
            assertEquals(1, losses.size(), losses.toString());
            assertTrue(losses.get(0).contains("held 3 queued orders"), losses.toString());
            assertInstanceOf(
                    Queued.class, offer(rig, TestOrders.many("n", 1), AMPLE_MS).get(0));
        }
    }

    /** The first orders that it ever held, and the server was gone before anybody looked. */
    @Test
    void whoQueuedAnOrderMissesItWithoutAnyLook() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server, "overflow.partitions=2", "overflow.deadLettersMax=10")) {
            rig.overflow();
            rig.otherOverflow();
            rig.reader("a");
            offer(rig, TestOrders.many("k", 1), AMPLE_MS);
            server.restartEmpty();
            rig.until("the loss is seen", () -> !rig.status("overflow").losses.isEmpty());
            List<String> losses = rig.status("overflow").losses;
            assertEquals(1, losses.size(), losses.toString());
            assertTrue(losses.get(0).contains("held 1 queued orders"), losses.toString());
        }
    }

    @Test
    void aQueueThatWasDrainedAndReplacedIsNoLoss() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            offer(rig, TestOrders.many("k", 3), AMPLE_MS);
            rig.reader("a");
            List<Delivery> all = rig.await(() -> rig.reader("a").read(3));
            rig.await(() ->
                    rig.reader("a").settle(all.stream().map(Settlement::done).toList()));
            rig.await(() -> rig.reader("a").look());
            server.restartEmpty();
            rig.until("connected again", () -> rig.status("reader a").ups() == 2);
            rig.await(() -> rig.reader("a").look());
            assertFalse(rig.reader("a").hasSeenLoss());
        }
    }

    @Test
    void aServerThatIsEmptiedBeneathAConnectionIsUsedAgain() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            rig.reader("a");
            server.command("FLUSHALL");
            assertThrows(
                    StoreFailure.class, () -> rig.await(() -> rig.reader("a").read(1)));
            rig.until("connected again", () -> rig.status("reader a").ups() == 2);
            offer(rig, TestOrders.many("k", 1), AMPLE_MS);
            assertEquals(1, rig.await(() -> rig.reader("a").read(1)).size());
        }
    }

    @Test
    void settlementsAndOffersAtOnceLoseNothing() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server)) {
            rig.reader("a");
            rig.reader("b");
            for (int round = 0; round < 20; round++) {
                List<Order> orders = TestOrders.many("r" + round + "-", 40);
                offer(rig, orders, AMPLE_MS);
                List<Settlement> a = done(rig.await(() -> rig.reader("a").read(20)));
                List<Settlement> b = done(rig.await(() -> rig.reader("b").read(20)));
                List<Order> live = TestOrders.many("live" + round + "-", 5);
                rig.await(() -> {
                    var first = rig.reader("a").settle(a.subList(0, a.size() / 2));
                    var second = rig.reader("b").settle(b);
                    var third = rig.reader("a").settle(a.subList(a.size() / 2, a.size()));
                    return rig.overflow()
                            .offer(live, rig.in(AMPLE_MS))
                            .compose(queued -> first)
                            .compose(settled -> second)
                            .compose(settled -> third);
                });
                assertEquals(5, find(rig, live.stream().map(Order::id).toList()).size());
                drain(rig.reader("a"), rig);
            }
            rig.until("all are settled", () -> {
                drain(rig.reader("a"), rig);
                return rig.await(() -> rig.reader("a").look()).equals(new OverflowState(0, 0, 0));
            });
        }
    }

    /** Redis counts what leaves, whichever node drains. */
    @Test
    void howLongItTakesToEmptyFollowsFromWhatLeaves() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisRig rig = RedisRig.on(server, "overflow.partitions=2", "overflow.deadLettersMax=10")) {
            TestOrders.many("k", 300).forEach(order -> offer(rig, List.of(order), AMPLE_MS));
            rig.reader("a");
            assertTrue(rig.overflow().secondsToEmpty().isEmpty(), "nothing left yet");
            rig.until("a rate is known", () -> {
                List<Settlement> some = done(rig.await(() -> rig.reader("a").read(1)));
                rig.await(() -> rig.reader("a").settle(some));
                return rig.overflow().secondsToEmpty().orElse(0) > 0;
            });
        }
    }

    private static void drain(RedisDrainQueue reader, RedisRig rig) {
        rig.await(() -> reader.read(100).compose(rest -> reader.settle(done(rest))));
    }

    private static List<Settlement> done(List<Delivery> deliveries) {
        return deliveries.stream().map(Settlement::done).toList();
    }
}
