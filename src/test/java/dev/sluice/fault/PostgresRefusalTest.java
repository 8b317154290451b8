package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.History.End;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** PostgreSQL refuses some rows for good, live and in the queue: no other order fails. */
class PostgresRefusalTest {

    private static final Predicate<String> CULPRIT = key -> key.endsWith("7");

    @Fault("row-refused")
    void aCulpritIsRefusedOrADeadLetterUntilItIsReplayed() throws Exception {
        culpritsPayAlone(
                "alter table orders add constraint unlucky check (client_order_id not like '%7') not valid",
                "alter table orders drop constraint unlucky", "unlucky");
    }

    @Fault("row-dropped")
    void aRowThatATriggerSilentlyDropsIsRefusedOrADeadLetter() throws Exception {
        culpritsPayAlone(
                "create function unlucky() returns trigger language plpgsql as"
                        + " $$ begin if new.client_order_id like '%7' then return null; end if; return new; end $$;"
                        + " create trigger unlucky before insert on orders for each row execute function unlucky()",
                "drop trigger unlucky on orders", "trigger");
    }

    private static void culpritsPayAlone(String refuse, String takeAgain, String reason) throws Exception {
        try (NodeRig rig = NodeRig.serving()) {
            Load load = rig.load();
            rig.sql(refuse);
            load.awaitMore(10, End.REFUSED);
            rig.postgres.freeze();
            load.await("culprits in the queue", () -> load.history.count(CULPRIT, End.QUEUED) >= 10);
            rig.postgres.thaw();
            load.awaitMore(100, End.COMMITTED);
            rig.verifyAnswered();
            assertEquals(List.of(), load.history.spared(), "201, 202 or refused");
            assertEquals(
                    0, load.history.count(CULPRIT.negate(), End.REFUSED), "an order beside a culprit is not refused");
            rig.sql(takeAgain);
            replayTheCulprits(rig, reason);
        }
    }

    private static void replayTheCulprits(NodeRig rig, String reason) throws Exception {
        Set<String> keys = new TreeSet<>();
        for (JsonObject letter : rig.deadLetters()) {
            if (letter.getString("reason").contains(reason)) {
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
