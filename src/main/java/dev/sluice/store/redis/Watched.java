package dev.sluice.store.redis;

import dev.sluice.store.Deadline;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Looks at keys, decides by what it saw, and changes them in one transaction; again from the look when another
 * connection changed them in between. Without scripts there is no other way to a conditional change. One at a time on
 * a lane, which is nobody else's.
 */
final class Watched {

    /** Far beyond what rivals can do in a row; then the caller hears that nothing was changed. */
    private static final int ATTEMPTS_MAX = 100;

    private final RedisLane lane;
    private final Turns turns = new Turns();

    Watched(RedisLane lane) {
        this.lane = lane;
    }

    /**
     * What to change after a look.
     *
     * @param commands of the transaction; none where there is nothing to change
     * @param result for the caller, once they are executed
     */
    record Decision<T>(List<Request> commands, T result) {}

    /** The decision may throw {@link StoreFailure}: then nothing is changed. */
    <T> Future<T> change(List<String> keys, List<Request> look, Function<List<Response>, Decision<T>> decide) {
        List<Request> watchAndLook = new ArrayList<>();
        Request watch = Requests.cmd(Command.WATCH);
        keys.forEach(watch::arg);
        watchAndLook.add(watch);
        watchAndLook.addAll(look);
        return turns.next(() -> attempt(watchAndLook, decide, lane.commandDeadline(), ATTEMPTS_MAX));
    }

    private <T> Future<T> attempt(
            List<Request> watchAndLook, Function<List<Response>, Decision<T>> decide, Deadline deadline, int left) {
        if (left == 0 || deadline.remainingMs(System.nanoTime()) <= 0) {
            return Future.failedFuture(StoreFailure.notStored("Redis: others change the same keys all the time"));
        }
        return lane.batch(watchAndLook, deadline)
                .map(replies -> decide.apply(replies.subList(1, replies.size())))
                .compose(decision -> decision.commands().isEmpty()
                        ? Future.succeededFuture(decision.result())
                        : lane.transaction(decision.commands(), deadline)
                                .compose(executed -> executed.isEmpty()
                                        ? attempt(watchAndLook, decide, deadline, left - 1)
                                        : Future.succeededFuture(decision.result())));
    }
}
