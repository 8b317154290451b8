package dev.sluice.store.redis;

import io.vertx.redis.client.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a stream that went back in time: Redis failed over to a server that has less, lost its disk, or was emptied.
 * Streams keep count of what was ever added, also when all of it has left.
 */
final class LossWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LossWatch.class);

    private final Keys keys;
    private Position last = new Position(-1, 0, 0);
    private long entries;

    LossWatch(Keys keys) {
        this.keys = keys;
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
            String[] id = info.get("last-generated-id").toString().split("-", 2);
            return new Position(
                    added == null ? -1 : Requests.number(added), Long.parseLong(id[0]), Long.parseLong(id[1]));
        }

        boolean isBefore(Position other) {
            return added < other.added || ms < other.ms || (ms == other.ms && number < other.number);
        }
    }

    /** Answers whether entries may be lost; told once for each time. */
    boolean observe(Response streamInfo, long entriesNow) {
        Position now = Position.of(streamInfo);
        boolean wentBack = now.isBefore(last);
        boolean lost = wentBack && entries > 0;
        if (lost) {
            LOG.error(
                    "ACKNOWLEDGED ORDERS MAY BE LOST: {} held {} queued orders when last seen and holds {} now, without"
                            + " their having been drained. Redis failed over to a server without them, lost its disk, or was"
                            + " emptied. `sluice verify` tells which; look for the old server's appendonly directory.",
                    keys.orders(),
                    entries,
                    entriesNow);
        } else if (wentBack) {
            LOG.warn("{} is not the stream it was: Redis was replaced or emptied; nothing was queued", keys.stream());
        }
        last = now;
        entries = entriesNow;
        return lost;
    }
}
