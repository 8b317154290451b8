package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.rig.Await;
import dev.sluice.rig.ClusterRig;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.OrderClient;
import dev.sluice.store.TestOrders;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes in processes of their own: one takes the orders, others write them. */
@Tag("process")
@Timeout(180)
class ClusterProcessTest {

    private static final int COMMITTED = 201;
    private static final int QUEUED = 202;

    @TempDir
    Path folder;

    private ClusterRig rig;
    private int orders;

    @BeforeEach
    void open() {
        rig = new ClusterRig(3);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private int post(OrderClient client) {
        return client.post(TestOrders.document("k" + orders++, 1, "1")).status();
    }

    private void awaitAnswer(int status, OrderClient client) {
        Await.until("an answer " + status, () -> post(client) == status);
    }

    /** Until the intake has heard of the writers and each has PostgreSQL: before that, one cannot take over. */
    private static void awaitWriters(NodeProcess intake, NodeProcess... writers) throws Exception {
        for (NodeProcess writer : writers) {
            try (OrderClient admin = new OrderClient(writer.awaitReady().adminPort())) {
                Await.state("both stores", () -> hasStores(admin));
            }
        }
        try (OrderClient admin = new OrderClient(intake.awaitReady().adminPort())) {
            Await.state(writers.length + " writers", () -> writers(admin) == writers.length);
        }
    }

    private static boolean hasStores(OrderClient admin) {
        return new JsonObject(admin.get("/readyz").body())
                .getJsonArray("checks").stream().map(JsonObject.class::cast).allMatch(check -> check.getBoolean("ok"));
    }

    private static long writers(OrderClient admin) {
        return new JsonObject(admin.get("/admin/cluster").body())
                .getJsonArray("members").stream()
                        .map(JsonObject.class::cast)
                        .map(member -> member.getJsonObject("instances"))
                        .filter(instances -> instances.getInteger("writer") > 0)
                        .count();
    }

    @Test
    void aNodeWithoutWritersHasItsOrdersWrittenByAnother() throws Exception {
        try (NodeProcess intake = rig.process(folder, 0, Role.HTTP_ONLY);
                NodeProcess writer = rig.process(folder, 1, Role.WRITER_ONLY)) {
            writer.awaitReady();
            try (OrderClient client = new OrderClient(intake.awaitReady().port())) {
                awaitAnswer(COMMITTED, client);
                for (int i = 0; i < 100; i++) {
                    assertEquals(COMMITTED, post(client), intake.errors());
                }
            }
        }
    }

    @Test
    void aWriterThatIsKilledCostsOneBusDeadlineAndAnotherOneTakesOver() throws Exception {
        try (NodeProcess intake = rig.process(folder, 0, Role.HTTP_ONLY);
                NodeProcess writer = rig.process(folder, 1, Role.WRITER_ONLY)) {
            writer.awaitReady();
            try (OrderClient client = new OrderClient(intake.awaitReady().port())) {
                awaitAnswer(COMMITTED, client);
                writer.signal("KILL");
                assertEquals(QUEUED, post(client), "nothing but the overflow is left");
                assertEquals(QUEUED, post(client));
                try (NodeProcess other = rig.process(folder, 2, Role.WRITER_ONLY)) {
                    other.awaitReady();
                    awaitAnswer(COMMITTED, client);
                    Await.until("the drain", () -> rig.rows("k%").equals(Integer.toString(orders)));
                }
            }
        }
    }

    @Test
    void aWriterThatFreezesIsPassedOver() throws Exception {
        try (NodeProcess intake = rig.process(folder, 0, Role.HTTP_ONLY);
                NodeProcess frozen = rig.process(folder, 1, Role.WRITER_ONLY);
                NodeProcess other = rig.process(folder, 2, Role.WRITER_ONLY)) {
            frozen.awaitReady();
            other.awaitReady();
            try (OrderClient client = new OrderClient(intake.awaitReady().port())) {
                awaitAnswer(COMMITTED, client);
                awaitWriters(intake, frozen, other);
                frozen.freeze();
                boolean queued = false;
                for (int i = 0; i < 20; i++) {
                    int status = post(client);
                    assertTrue(status == COMMITTED || status == QUEUED, () -> "answer " + status);
                    assertTrue(!(queued && status == QUEUED), "a second order waited for the frozen writer");
                    queued |= status == QUEUED;
                }
                frozen.signal("CONT");
                Await.until("every order in one row", () -> rig.rows("k%").equals(Integer.toString(orders)));
            }
        }
    }

    @Test
    void aWriterThatLeavesLosesNothingAndDelaysNothing() throws Exception {
        try (NodeProcess intake = rig.process(folder, 0, Role.HTTP_ONLY);
                NodeProcess leaving = rig.process(folder, 1, Role.WRITER_ONLY);
                NodeProcess other = rig.process(folder, 2, Role.WRITER_ONLY)) {
            leaving.awaitReady();
            other.awaitReady();
            try (OrderClient client = new OrderClient(intake.awaitReady().port())) {
                awaitAnswer(COMMITTED, client);
                awaitWriters(intake, leaving, other);
                leaving.signal("TERM");
                while (leaving.isAlive()) {
                    assertEquals(COMMITTED, post(client), intake.errors());
                }
                assertEquals(0, leaving.awaitExit(1), leaving.errors());
                assertEquals(COMMITTED, post(client));
            }
        }
    }
}
