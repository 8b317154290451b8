package dev.sluice.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.rig.TcpProxy;
import dev.sluice.rig.TestRedis;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A connection to Redis that ends in the middle of an offer, wherever: all of its orders are queued, or none. */
@Tag("contract")
class OfferCutInTheMiddleTest {

    private static final int ORDERS = 20;
    private static final int STEP_BYTES = 997;
    private static final int CUTS_MIN = 5;
    private static final long LIMIT_SECONDS = 20;

    @Test
    void itIsQueuedWholeOrNotAtAll() throws Exception {
        Cutting cutting = new Cutting();
        try (TestRedis server = TestRedis.start();
                TcpProxy proxy = TcpProxy.with(server.uri(), cutting);
                RedisRig rig = RedisRig.on(server, through(proxy))) {
            rig.overflow();
            int cuts = 0;
            while (offerIsCut(server, cutting, rig, STEP_BYTES / 2 + cuts * STEP_BYTES)) {
                cuts++;
                assertEquals("0", server.command("HLEN", "sluice:{0}:orders"), "orders after cut " + cuts);
                assertEquals("0", server.command("XLEN", "sluice:{0}:stream"), "entries after cut " + cuts);
            }
            assertTrue(cuts >= CUTS_MIN, "void: cut only " + cuts + " times");
        }
    }

    /** Cuts after so many bytes of what changes the queue; an offer that has fewer is queued. */
    private static boolean offerIsCut(TestRedis server, Cutting cutting, RedisRig rig, int bytes) throws Exception {
        rig.awaitUp();
        int downs = rig.status("overflow").downs();
        cutting.cutAfter(bytes);
        List<Order> orders = TestOrders.many("cut" + bytes + "-", ORDERS);
        List<Outcome> outcomes =
                rig.await(() -> rig.overflow().offer(orders, rig.in(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS))));
        if (outcomes.get(0) instanceof Outcome.Queued) {
            assertEquals(Integer.toString(ORDERS), server.command("HLEN", "sluice:{0}:orders"));
            return false;
        }
        outcomes.forEach(
                outcome -> assertInstanceOf(Outcome.Unknown.class, outcome, () -> "cut at " + bytes + ": " + outcome));
        cutting.awaitCut();
        rig.until("the loss is noticed", () -> rig.status("overflow").downs() > downs);
        return true;
    }

    private static SluiceConfig through(TcpProxy proxy) {
        return RedisRig.config(proxy.uri(), "overflow.deadlineMs=" + TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    }

    /** Passes on a number of bytes from the first MULTI or XADD on, ends the connection, and tells when Redis has let it go. */
    private static final class Cutting implements TcpProxy.Behaviour {

        private static final Pattern CHANGE =
                Pattern.compile("\\*\\d+\r\n\\$4\r\nXADD\r\n|MULTI\r\n", Pattern.CASE_INSENSITIVE);

        private final BlockingQueue<Socket> cuts = new LinkedBlockingQueue<>();
        private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

        void cutAfter(int bytes) {
            left.set(bytes);
        }

        void awaitCut() throws InterruptedException {
            assertNotNull(cuts.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "Redis holds on to the connection");
        }

        /** Ends when Redis has closed, after it took what was passed on. */
        @Override
        public void serve(Socket client, Socket server) throws IOException {
            TcpProxy.start(() -> up(client, server));
            try {
                server.getInputStream().transferTo(client.getOutputStream());
            } finally {
                cuts.add(server);
            }
        }

        private void up(Socket client, Socket server) {
            byte[] bytes = new byte[1 << 16];
            boolean changing = false;
            try {
                InputStream in = client.getInputStream();
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    Matcher change = CHANGE.matcher(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                    boolean begins = change.find();
                    int from = changing || !begins ? 0 : change.start();
                    changing |= begins;
                    int pass = changing ? (int) Math.min(count, (long) from + left.get()) : count;
                    left.addAndGet(changing ? from - pass : 0);
                    server.getOutputStream().write(bytes, 0, pass);
                    if (pass < count) {
                        left.set(Integer.MAX_VALUE);
                        break;
                    }
                }
                server.shutdownOutput();
            } catch (IOException gone) {
                // the other direction closes both
            }
        }
    }
}
