package dev.sluice.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Outcome.Committed;
import dev.sluice.order.Outcome.Conflict;
import dev.sluice.order.Outcome.Replayed;
import dev.sluice.rig.TestPostgres;
import dev.sluice.store.TestOrders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes, one database, the same keys at the same time. */
@Tag("contract")
class PgRaceTest {

    private static final int ROUNDS = 30;
    private static final int KEYS = 60;

    @Test
    void theFirstCommitWinsAndTheOtherIsToldTheTruth() {
        String uri = TestPostgres.freshDatabase();
        int lost = 0;
        try (PgRig one = PgRig.up(PgRig.config(uri));
                PgRig two = PgRig.up(PgRig.config(uri))) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Order> first = new ArrayList<>();
                List<Order> second = new ArrayList<>();
                for (int key = 0; key < KEYS; key++) {
                    first.add(TestOrders.order("r" + round + "-" + key, 1));
                    second.add(TestOrders.order("r" + round + "-" + key, key % 2 == 0 ? 1 : 2));
                }
                first = TestOrders.sorted(first);
                second = TestOrders.sorted(second);
                Supplier<List<Outcome>> a = one.insertLater(first, 10_000);
                Supplier<List<Outcome>> b = two.insertLater(second, 10_000);
                List<Outcome> heardA = a.get();
                List<Outcome> heardB = b.get();
                for (int i = 0; i < KEYS; i++) {
                    boolean same =
                            first.get(i).fingerprint().equals(second.get(i).fingerprint());
                    assertOneWinner(same, heardA.get(i), heardB.get(i));
                }
                lost += heardA.get(0) instanceof Committed ? 0 : 1;
            }
            assertEquals(
                    Integer.toString(ROUNDS * KEYS), one.sql("select count(*)::text from orders"), "one row for a key");
            assertEquals(0, one.downs() + two.downs());
        }
        assertTrue(lost < ROUNDS, "void: the second store won every race");
    }

    private static void assertOneWinner(boolean same, Outcome a, Outcome b) {
        boolean aWon = a instanceof Committed;
        boolean bWon = b instanceof Committed;
        assertTrue(aWon ^ bWon, a + " and " + b);
        Outcome winner = aWon ? a : b;
        Outcome loser = aWon ? b : a;
        if (!same) {
            assertEquals(new Conflict(), loser);
        } else if (loser instanceof Replayed replayed) {
            assertEquals(
                    ((Committed) winner).committedAtMicros(),
                    replayed.original().committedAtMicros());
        } else {
            throw new AssertionError("no replay but " + loser);
        }
    }
}
