package dev.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.batch.Takeover.State;
import dev.sluice.metrics.Metrics;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Thousands of lives of a writer. A seed that broke a promise is printed; {@code -Dsluice.seed=…} runs it alone. */
class SimulationTest {

    private static final String SEED_PROPERTY = "sluice.seed";
    private static final int LIVES = Integer.getInteger("sluice.lives", 3_000);

    private final SimulatedOrders orders = new SimulatedOrders();
    private final Simulation.Reached reached = new Simulation.Reached();

    @Test
    void noLifeBreaksAPromise() {
        Long seed = Long.getLong(SEED_PROPERTY);
        Metrics metrics = Metrics.off("test");
        if (seed != null) {
            live(seed, metrics);
            return;
        }
        Random seeds = new Random();
        for (int i = 0; i < LIVES; i++) {
            live(seeds.nextLong(), metrics);
        }
        for (Simulation.Kind kind : Simulation.Kind.values()) {
            assertTrue(reached.of(kind) > LIVES / 10, "void: hardly any " + kind);
        }
        for (State state : State.values()) {
            assertTrue(reached.of(state) > LIVES, "void: hardly ever " + state);
        }
        assertTrue(reached.queuedReplays > LIVES / 10, "void: hardly any replay of an entry");
        assertTrue(reached.lateEntries > LIVES / 10, "void: no unknown order was queued after all");
        assertTrue(reached.drained > LIVES / 10 && reached.dead > LIVES / 10, "void: hardly anything was drained");
        assertTrue(reached.lateRows > LIVES / 10, "void: no unknown order was stored after all");
    }

    private void live(long seed, Metrics metrics) {
        try {
            new Simulation(seed, metrics, orders, reached).run();
        } catch (RuntimeException | AssertionError broken) {
            fail(
                    "seed " + seed + " broke a promise; run it alone with -DargLine=-D" + SEED_PROPERTY + "=" + seed,
                    broken);
        }
    }
}
