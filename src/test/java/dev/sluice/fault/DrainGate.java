package dev.sluice.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.rig.TcpProxy;
import java.io.IOException;
import java.util.Locale;

/**
 * Stands between a node and Redis and, once shut, lets no acknowledgement of an entry pass: the first piece with an XACK
 * and whatever its connection sends after it are dropped. All else passes.
 */
final class DrainGate {

    private static final String ACKNOWLEDGE = "XACK";

    private volatile boolean shut;
    private volatile boolean holds;

    TcpProxy before(String redisUri) throws IOException {
        return TcpProxy.with(redisUri, TcpProxy.filtering(Connection::new));
    }

    void shut() {
        shut = true;
    }

    /** Whether an acknowledgement was held back. */
    boolean holds() {
        return holds;
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
            return held ? 0 : count;
        }
    }
}
