package dev.sluice.store.redis;

import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Entries that were delivered on this connection, and which of their orders are still to be settled: an entry leaves the
 * stream with the last of them. One that is not known here stays, is delivered again, and leaves then. One thread.
 */
final class OpenEntries {

    private record Key(int partition, String entryId) {

        static Key of(Delivery delivery) {
            return new Key(delivery.partition(), delivery.entryId());
        }
    }

    private final Map<Key, Set<UUID>> open = new HashMap<>();

    /** An entry is delivered, with those orders; with none where it holds nothing any more. */
    void delivered(int partition, String entryId, Set<UUID> orderIds) {
        open.put(new Key(partition, entryId), orderIds);
    }

    /** Entries of which nothing is left once those are settled. */
    List<String> endedBy(List<Settlement> settlements) {
        Map<Key, Collection<UUID>> settled = new LinkedHashMap<>();
        for (Settlement settlement : settlements) {
            Collection<UUID> ids = settled.computeIfAbsent(Key.of(settlement.delivery()), key -> new ArrayList<>());
            if (settlement.delivery().id() != null) {
                ids.add(settlement.delivery().id());
            }
        }
        List<String> ended = new ArrayList<>();
        settled.forEach((key, ids) -> {
            Set<UUID> left = open.get(key);
            if (left != null && ids.containsAll(left)) {
                ended.add(key.entryId);
            }
        });
        return ended;
    }

    /** They are. */
    void settled(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            Key key = Key.of(settlement.delivery());
            Set<UUID> left = open.get(key);
            if (left != null) {
                left.remove(settlement.delivery().id());
                if (left.isEmpty()) {
                    open.remove(key);
                }
            }
        }
    }

    /** Another consumer has them now. */
    void clear(int partition) {
        open.keySet().removeIf(key -> key.partition == partition);
    }

    /** The connection is a new one, on which all that is pending is delivered again. */
    void clear() {
        open.clear();
    }
}
