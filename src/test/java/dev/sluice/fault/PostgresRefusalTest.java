package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** PostgreSQL refuses some rows for good, live and in the queue: that costs these rows, and nobody else. */
class PostgresRefusalTest {

    private static final Predicate<String> CULPRIT = key -> key.endsWith("7");

    @Fault("row-refused")
    void aCulpritIsRefusedOrADeadLetterUntilItIsReplayed() throws Exception {
        try (FaultRig rig = FaultRig.start()) {
            Load load = rig.load();
            rig.sql("alter table orders add constraint unlucky check (client_order_id not like '%7') not valid");
            load.awaitMore(10, End.REFUSED);
            rig.postgres.freeze();
            load.await("culprits in the queue", () -> load.history.count(CULPRIT, End.QUEUED) >= 10);
            rig.postgres.thaw();
            load.awaitMore(100, End.COMMITTED);
            rig.verify();
            assertEquals(List.of(), load.history.spared(), "201, 202 or refused");
            assertEquals(0, load.history.count(CULPRIT.negate(), End.REFUSED), "neighbours pay for nobody");
            rig.sql("alter table orders drop constraint unlucky");
            replayTheCulprits(rig);
        }
    }

    private static void replayTheCulprits(FaultRig rig) throws Exception {
        Set<String> keys = new TreeSet<>();
        for (JsonObject letter : rig.deadLetters()) {
            if (letter.getString("reason").contains("unlucky")) {
                keys.add(letter.getString("clientOrderId"));
                String replay = "/admin/dead-letters/" + letter.getString("id") + "/replay";
                assertEquals(202, rig.admin("POST", replay).status());
            }
        }
        assertTrue(!keys.isEmpty() && keys.stream().allMatch(CULPRIT), "void: the drain met no culprit: " + keys);
        rig.awaitDrained();
        String rows = rig.sqlText("select count(distinct client_order_id)::text from orders where client_order_id in ('"
                + String.join("', '", keys) + "')");
        assertEquals(Integer.toString(keys.size()), rows, "each of them is a row now");
    }
}
