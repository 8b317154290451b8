package dev.sluice.listener.tls;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of a listener whose handshake is not over, at most {@value #OPEN_MAX}: they are not counted among the
 * listener's connections yet. Beyond it the oldest gives way. Any thread.
 */
final class Handshakes {

    /** A client next door takes a few milliseconds; each one holds some ten KiB meanwhile. */
    static final int OPEN_MAX = 1_024;

    private final ConcurrentSkipListMap<Long, Channel> open = new ConcurrentSkipListMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final int openMax;
    private final Runnable gaveWay;

    /** @param gaveWay runs for each that was closed for another one */
    Handshakes(int openMax, Runnable gaveWay) {
        this.openMax = openMax;
        this.gaveWay = gaveWay;
    }

    /** The number of a handshake that begins. */
    long began(Channel channel) {
        long number = numbers.incrementAndGet();
        open.put(number, channel);
        if (count.incrementAndGet() > openMax) {
            closeOldest();
        }
        return number;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the close
    private void closeOldest() {
        Map.Entry<Long, Channel> oldest = open.pollFirstEntry();
        if (oldest != null) {
            count.decrementAndGet();
            gaveWay.run();
            oldest.getValue().close();
        }
    }

    /** It is over, well or not; a second time is no error. */
    void ended(long number) {
        if (open.remove(number) != null) {
            count.decrementAndGet();
        }
    }

    int open() {
        return count.get();
    }
}
