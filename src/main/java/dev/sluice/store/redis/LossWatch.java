package dev.sluice.store.redis;

import dev.sluice.store.StoreListener;
import io.vertx.redis.client.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a stream that went back in time: Redis failed over to a server that has less, lost its disk, or was emptied.
 * Streams keep count of what was ever added, also when all of it has left. What a node that has ended knew is lost with
 * it. One connection, whose answers come in order; one thread.
 */
final class LossWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LossWatch.class);

    private final RedisKeys keys;
    private final StoreListener listener;
    private Position last = new Position(-1, 0, 0);
    private long queued;

    /** Watches one partition, as one connection sees it. */
    LossWatch(RedisKeys keys, StoreListener listener) {
        this.keys = keys;
        this.listener = listener;
    }

    /**
     * How far a stream is.
     *
     * @param added entries ever added; -1 before Redis 7
     * @param ms of the id generated last
     * @param number of that id within its millisecond
     */
    private record Position(long added, long ms, long number) {

        static Position of(Response info) {
            Response added = info.containsKey("entries-added") ? info.get("entries-added") : null;
            return of(
                    added == null ? -1 : RedisCommands.number(added),
                    info.get("last-generated-id").toString());
        }

        static Position of(long added, String entryId) {
            String[] id = entryId.split("-", 2);
            return new Position(added, Long.parseLong(id[0]), Long.parseLong(id[1]));
        }

        /** At least so far: others may have added some too. */
        Position with(int entries, Position entry) {
            return new Position(added < 0 ? added : added + entries, entry.ms, entry.number);
        }

        boolean isBefore(Position other) {
            return added < other.added || ms < other.ms || (ms == other.ms && number < other.number);
        }
    }

    /** This connection queued so many orders, in so many entries, the last of them that one; each is acknowledged. */
    void added(String lastEntryId, int entries, int orders) {
        Position entry = Position.of(last.added, lastEntryId);
        last = last.with(entries, entry);
        queued += orders;
    }

    /** Answers whether orders may be lost; told once for each time. */
    boolean observe(Response streamInfo, long queuedNow) {
        Position now = Position.of(streamInfo);
        boolean wentBack = now.isBefore(last);
        boolean lost = wentBack && queued > 0;
        if (lost) {
            listener.lost(keys.orders() + " held " + queued + " queued orders when last seen and holds " + queuedNow
                    + " now, without their having been drained. Redis failed over to a server without them, lost its disk, or"
                    + " was emptied. `sluice verify` tells which; look for the old server's appendonly directory.");
        } else if (wentBack) {
            LOG.warn("{} is not the stream it was: Redis was replaced or emptied; nothing was queued", keys.stream());
        }
        last = now;
        queued = queuedNow;
        return lost;
    }
}
