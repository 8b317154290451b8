package dev.sluice.compat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.Folders;
import dev.sluice.rig.LogLines;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.RawRedis;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestPostgres;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master, a replica and a Sentinel: what a failover keeps, what it can lose, and that it is said. */
@Tag("process")
@Timeout(180)
class FailoverTest {

    private static final String NAME = "orders";

    private TestPostgres postgres;
    private TestRedis master;
    private TestRedis replica;
    private TcpProxy replication;
    private Path folder;
    private Process sentinel;
    private int sentinelPort;

    @BeforeEach
    void start() throws Exception {
        postgres = TestPostgres.start();
        master = TestRedis.start();
        replica = TestRedis.start();
        for (TestRedis redis : new TestRedis[] {master, replica}) {
            redis.command("CONFIG", "SET", "masteruser", TestRedis.TESTER, "masterauth", TestRedis.TESTER);
        }
        replication = TcpProxy.at(0, master.uri());
        replica.command("REPLICAOF", "127.0.0.1", Integer.toString(replication.port()));
        Await.state("the replica", () -> replica.command("INFO", "replication").contains("master_link_status:up"));
        startSentinel();
    }

    private void startSentinel() throws IOException {
        folder = Files.createTempDirectory("sluice-sentinel");
        sentinelPort = Ports.free();
        Path file =
                Files.writeString(folder.resolve("sentinel.conf"), """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor orders 127.0.0.1 %d 1
                sentinel auth-user orders tester
                sentinel auth-pass orders tester
                sentinel down-after-milliseconds orders 500
                sentinel failover-timeout orders 60000
                """.formatted(sentinelPort, folder, master.port()));
        sentinel = new ProcessBuilder(TestRedis.program().toString(), file.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Await.state(
                "Sentinel knows the replica",
                () -> asked("SENTINEL", "replicas", NAME).contains("ip\n"));
    }

    private String asked(String... command) {
        try (RawRedis redis = new RawRedis(sentinelPort)) {
            return redis.ask(command);
        } catch (IOException notYet) {
            return "";
        }
    }

    @AfterEach
    void stop() {
        sentinel.destroyForcibly();
        sentinel.onExit().join();
        replication.close();
        replica.close();
        master.close();
        postgres.close();
        Folders.deleteTree(folder);
    }

    private Node node() {
        return Node.start(
                postgres.uri(),
                "redis.uri=redis://" + TestRedis.TESTER + ":" + TestRedis.TESTER + "@" + NAME,
                "redis.sentinels=127.0.0.1:" + sentinelPort);
    }

    private void awaitPromotion() {
        Await.until("the replica is the master", () -> replicaInfo().contains("role:master"));
    }

    /** A server ends its connections when its role changes. */
    private String replicaInfo() {
        try {
            return replica.command("INFO", "replication");
        } catch (UncheckedIOException changing) {
            return "";
        }
    }

    private static void queue(OrderClient client, String key) {
        Await.until(
                "queued: " + key, () -> client.post(TestOrders.document(key)).status() == 202);
    }

    @Test
    void whatWasReplicatedIsThereAfterAFailoverAndMoreIsTaken() {
        try (Node node = node();
                OrderClient client = node.client()) {
            Await.until("Redis", () -> node.server().redis().reached());
            assertTrue(node.server().redis().failoverLossy(), "the banner says failover-lossy");
            postgres.stop();
            queue(client, "before");
            Await.state(
                    "it is replicated",
                    () -> replica.command("HLEN", "sluice:{0}:orders").equals("1"));
            master.kill();
            awaitPromotion();
            queue(client, "after");
            postgres.restart();
            Await.until("both are rows", () -> rows().equals("2"));
        }
    }

    private String rows() {
        try {
            return TestPostgres.queryText(postgres.uri(), "select count(*)::text from orders");
        } catch (RuntimeException notYet) {
            return "";
        }
    }

    /** A replica that is behind takes over: Redis answered first, and Sluice can only say that something is missing. */
    @Test
    void whatWasNotReplicatedIsLostAndItIsSaid() {
        try (LogLines said = LogLines.of("dev.sluice.node.StoreWatch");
                Node node = node();
                OrderClient client = node.client()) {
            Await.until("Redis", () -> node.server().redis().reached());
            postgres.stop();
            queue(client, "kept");
            Await.state(
                    "it is replicated",
                    () -> replica.command("HLEN", "sluice:{0}:orders").equals("1"));
            replication.mute(true);
            queue(client, "lost");
            master.kill();
            awaitPromotion();
            queue(client, "after");
            Await.until(
                    "it is said",
                    () -> said.lines().stream()
                            .anyMatch(line -> line.startsWith("ERROR ACKNOWLEDGED ORDERS MAY BE LOST")));
            postgres.restart();
            Await.until("those that are left are rows", () -> rows().equals("2"));
            Await.until(
                    "what was acknowledged is gone: each place says so",
                    () -> client.get("/orders?clientOrderId=lost").status() == 404);
        }
    }
}
