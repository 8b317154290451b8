package dev.sluice.store;

import dev.sluice.store.FakeOverflow.Fate;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The fake keeps the contract that it stands in for. */
class FakeOverflowTest extends OverflowContract {

    @Override
    protected Rig open() {
        return new FakeRig();
    }

    private static final class FakeRig implements Rig {

        private static final long STEP_MS = 20;

        private final SimClock clock = new SimClock();
        private final FakeOverflow fake = new FakeOverflow(clock, ENTRIES_MAX, DEAD_LETTERS_MAX, 100);

        @Override
        public OverflowQueue overflow() {
            return fake;
        }

        @Override
        public OverflowQueue otherOverflow() {
            return fake;
        }

        @Override
        public DrainQueue reader(String name) {
            return fake.reader(name);
        }

        @Override
        public DeadLetters letters() {
            return fake;
        }

        @Override
        public <T> T await(Supplier<Future<T>> call) {
            Future<T> future = call.get();
            while (!future.isComplete()) {
                clock.advanceMs(1);
            }
            if (future.failed()) {
                throw (StoreFailure) future.cause();
            }
            return future.result();
        }

        @Override
        public Deadline in(long ms) {
            return clock.deadlineIn(ms);
        }

        @Override
        public void until(String what, BooleanSupplier condition) {
            for (long waitedMs = 0; !condition.getAsBoolean(); waitedMs += STEP_MS) {
                if (waitedMs > AMPLE_MS) {
                    throw new AssertionError(what + ": not so");
                }
                clock.advanceMs(STEP_MS);
            }
        }

        @Override
        public void reconnect() {
            fake.up(false);
            fake.up(true);
        }

        @Override
        public void stall() {
            fake.plan(Fate.STALL, 0);
        }

        @Override
        public void resume() {
            fake.plan(Fate.ANSWER, 1);
        }

        @Override
        public void down() {
            fake.up(false);
        }

        @Override
        public void close() {
            fake.close().onFailure(error -> {
                throw new AssertionError(error);
            });
        }
    }
}
