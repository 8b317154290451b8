package dev.sluice.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.rig.TcpProxy;
import java.io.IOException;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a node and Redis and, once shut, lets no acknowledgement of an entry pass: the first piece with an XACK
 * and whatever its connection sends after it are held, and dropped where the gate is not opened. All else passes.
 */
final class DrainGate {

    private static final String ACKNOWLEDGE = "XACK";
    private static final long HELD_SECONDS = 120;

    private final CountDownLatch opened = new CountDownLatch(1);
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean shut;
    private volatile boolean holds;

    TcpProxy before(String redisUri) throws IOException {
        return TcpProxy.with(redisUri, TcpProxy.filtering(Connection::new, this::answer));
    }

    void shut() {
        shut = true;
    }

    /** Whether an acknowledgement was held back. */
    boolean holds() {
        return holds;
    }

    /** What was held comes late to Redis. */
    void open() {
        shut = false;
        opened.countDown();
    }

    /** All that Redis has said since the gate was opened. */
    String answers() {
        return String.join("", answers);
    }

    private int answer(byte[] bytes, int count) {
        if (opened.getCount() == 0) {
            answers.add(new String(bytes, 0, count, ISO_8859_1));
        }
        return count;
    }

    private boolean isOpened() {
        try {
            return opened.await(HELD_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What is held of one connection's commands. */
    private final class Connection implements TcpProxy.Filter {

        private boolean held;
        private String before = "";

        @Override
        public int passes(byte[] bytes, int count) {
            if (shut) {
                String text = before + new String(bytes, 0, count, ISO_8859_1);
                held |= text.toUpperCase(Locale.ROOT).contains(ACKNOWLEDGE);
                holds |= held;
                before = text.substring(Math.max(0, text.length() - ACKNOWLEDGE.length() + 1));
            }
            return held && !isOpened() ? 0 : count;
        }
    }
}
