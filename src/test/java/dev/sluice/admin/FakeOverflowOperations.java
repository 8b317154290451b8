package dev.sluice.admin;

import dev.sluice.store.DeadLetters;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.OverflowOperations;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Dead letters in memory; everything fails with {@link #failure} where one is set. */
final class FakeOverflowOperations implements OverflowOperations {

    final Map<UUID, DeadLetter> letters = new TreeMap<>();

    int bytesMax;

    @Nullable
    RuntimeException failure;

    private <T> Future<T> answer(T value) {
        return failure == null ? Future.succeededFuture(value) : Future.failedFuture(failure);
    }

    @Override
    public Future<Status> status() {
        return answer(new Status(true, 7, 1.5, letters.size(), 42, "draining"));
    }

    @Override
    public Future<DeadLetters.Page> deadLetters(@Nullable UUID after, int max, int bytesMax) {
        this.bytesMax = bytesMax;
        List<DeadLetter> all = letters.values().stream()
                .filter(letter -> !letter.discarded())
                .filter(letter -> after == null || letter.id().compareTo(after) > 0)
                .toList();
        return answer(
                all.size() <= max
                        ? new DeadLetters.Page(all, null)
                        : new DeadLetters.Page(
                                all.subList(0, max), all.get(max - 1).id()));
    }

    @Override
    public Future<Optional<DeadLetter>> deadLetter(UUID id) {
        return answer(Optional.ofNullable(letters.get(id)));
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        Optional<DeadLetter> letter = living(id);
        letter.ifPresent(found -> letters.remove(id));
        return answer(letter);
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        Optional<DeadLetter> tombstone = living(id).map(DeadLetter::tombstone);
        tombstone.ifPresent(left -> letters.put(id, left));
        return answer(tombstone);
    }

    private Optional<DeadLetter> living(UUID id) {
        return failure == null
                ? Optional.ofNullable(letters.get(id)).filter(letter -> !letter.discarded())
                : Optional.empty();
    }
}
