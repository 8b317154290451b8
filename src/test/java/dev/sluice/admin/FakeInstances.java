package dev.sluice.admin;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Instances that are only numbers; the next change fails with {@link #nextFailure} where one is set. */
final class FakeInstances implements LiveInstances {

    final Map<Kind, Integer> counts = new EnumMap<>(Map.of(Kind.HTTP, 2, Kind.WRITER, 1));
    final List<Map<Kind, Integer>> changes = new ArrayList<>();
    Throwable nextFailure;
    String objection;
    int least = 1;

    @Override
    public Map<Kind, Group> running() {
        Map<Kind, Group> groups = new EnumMap<>(Kind.class);
        counts.forEach((kind, count) -> groups.put(kind, new Group("auto", 2, instances(kind, count))));
        return groups;
    }

    @Override
    public List<Other> others() {
        return List.of(new Other("lookup", "loop-9"));
    }

    private static List<Instance> instances(Kind kind, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Instance(Integer.toString(i), "loop-" + i, kind == Kind.HTTP ? 7 : null))
                .toList();
    }

    @Override
    public Range allowed(Kind kind) {
        return new Range(least, 256);
    }

    @Override
    public Optional<String> objection(Map<Kind, Integer> wanted) {
        return Optional.ofNullable(objection);
    }

    @Override
    public Future<Void> resize(Map<Kind, Integer> wanted) {
        changes.add(Map.copyOf(wanted));
        if (nextFailure != null) {
            return Future.failedFuture(nextFailure);
        }
        counts.putAll(wanted);
        return Future.succeededFuture();
    }
}
