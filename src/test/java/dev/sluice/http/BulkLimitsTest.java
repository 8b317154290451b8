package dev.sluice.http;

import static dev.sluice.rig.OrderClient.NDJSON;
import static dev.sluice.store.TestOrders.document;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.metrics.Bound;
import dev.sluice.metrics.OrderOutcome;
import dev.sluice.rig.Await;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Node;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.rig.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits of POST /orders/batch, below, at and above, and who shares the node with it. */
@Tag("contract")
@Timeout(60)
class BulkLimitsTest {

    private static final int ORDERS_MAX = 10_000;
    private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;
    private static final int LINE_BYTES_MAX = 64 * 1024;

    private static Node node;
    private static OrderClient client;

    @BeforeAll
    static void start() throws Exception {
        node = Node.startForBulk(TestPostgres.freshDatabase());
        client = node.client();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void upToTenThousandOrdersAreTakenAndOneMoreRefusesAll() throws Exception {
        String tag = Node.key();
        List<String> orders = IntStream.range(0, ORDERS_MAX)
                .mapToObj(i -> document(tag + "-" + i))
                .toList();
        Reply most = client.bulk(orders.toArray(String[]::new));
        assertEquals(201, most.status());
        assertEquals(ORDERS_MAX, most.lines().size());
        assertEquals("" + ORDERS_MAX, node.rows(tag + "-%"));

        long refused = node.metrics().refused().of(Bound.BULK_ORDERS).total();
        String other = Node.key();
        Reply tooMany = client.array("[" + document(other) + "," + String.join(",", orders) + "]");
        assertEquals(413, tooMany.status());
        assertEquals("too_many_orders", tooMany.json().getString("code"));
        assertEquals("0", node.rows(other));
        assertEquals(refused + 1, node.metrics().refused().of(Bound.BULK_ORDERS).total());
    }

    @Test
    void upToEightMebibytesAreTakenAndOneMoreByteRefusesAll() throws Exception {
        for (int bytes : new int[] {BODY_BYTES_MAX - 1, BODY_BYTES_MAX}) {
            assertEquals(
                    201,
                    client.bulk(padded(document(null) + "\n", bytes), NDJSON).status());
        }
        String key = Node.key();
        Reply refused = client.bulk(padded(document(key) + "\n", BODY_BYTES_MAX + 1), NDJSON);
        assertEquals(413, refused.status());
        assertEquals("body_too_large", refused.json().getString("code"));
        assertEquals("0", node.rows(key));
    }

    @Test
    void aBodyThatDoesNotSayItsLengthIsRefusedWhenItPassesTheLimit() throws Exception {
        try (HttpSocket socket = begin("Transfer-Encoding: chunked")) {
            byte[] chunk = ("100000\r\n" + "\n".repeat(0x100000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 9; i++) {
                socket.send(chunk);
            }
            assertEquals(413, socket.read().status());
        }
    }

    @Test
    void aLineMayHave64KibibytesAndALongerOneCostsOnlyItself() throws Exception {
        String order = document(null);
        Reply reply = client.bulk(
                order + " ".repeat(LINE_BYTES_MAX - 1 - order.length()),
                " ".repeat(LINE_BYTES_MAX - order.length()) + order + "\r",
                order + " ".repeat(LINE_BYTES_MAX + 1 - order.length()),
                order);
        assertEquals(207, reply.status());
        assertEquals(List.of(201, 201, 413, 201), reply.statuses());
        assertEquals("body_too_large", reply.lines().get(2).getString("code"));
    }

    @Test
    void everyOrderIsCountedAsALoneOneIs() throws Exception {
        String key = Node.key();
        long committed = node.metrics().orders().of(OrderOutcome.COMMITTED).total();
        long replayed = node.metrics().orders().of(OrderOutcome.REPLAYED).total();
        long invalid = node.metrics().orders().of(OrderOutcome.INVALID).total();
        long conflict = node.metrics().orders().of(OrderOutcome.CONFLICT).total();
        client.bulk(document(key), document(key), document(key, 2), "{}", document(null));
        assertEquals(
                committed + 2,
                node.metrics().orders().of(OrderOutcome.COMMITTED).total());
        assertEquals(
                replayed + 1, node.metrics().orders().of(OrderOutcome.REPLAYED).total());
        assertEquals(
                invalid + 1, node.metrics().orders().of(OrderOutcome.INVALID).total());
        assertEquals(
                conflict + 1, node.metrics().orders().of(OrderOutcome.CONFLICT).total());
    }

    @Test
    void loneOrdersAndBulkOrdersAllCommitBesideEachOther() throws Exception {
        String[] orders =
                IntStream.range(0, ORDERS_MAX).mapToObj(i -> document(null)).toArray(String[]::new);
        List<CompletableFuture<Integer>> bulks = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> statusOfBulk(orders)))
                .toList();
        while (!bulks.stream().allMatch(CompletableFuture::isDone)) {
            assertEquals(201, client.post(document(null)).status());
        }
        for (CompletableFuture<Integer> bulk : bulks) {
            assertEquals(201, bulk.get());
        }
    }

    private static int statusOfBulk(String... orders) {
        try (OrderClient one = node.client()) {
            return one.bulk(orders).status();
        }
    }

    @Test
    void aClientThatLeavesTakesNothingWithIt() throws Exception {
        try (HttpSocket socket = begin("Content-Length: " + BODY_BYTES_MAX)) {
            socket.send(padded(document(Node.key()) + "\n", 1 << 20));
            Await.until("the body is held", () -> node.metrics().memoryBytes().now() > 0);
        }
        Await.until("nothing is held", () -> node.metrics().memoryBytes().now() == 0);
        byte[] body = (document(null) + "\n").repeat(ORDERS_MAX).getBytes(StandardCharsets.US_ASCII);
        try (HttpSocket socket = begin("Content-Length: " + body.length)) {
            socket.send(body);
            Await.until("the body is held", () -> node.metrics().memoryBytes().now() > 0);
        }
        Await.until("nothing is held", () -> node.metrics().memoryBytes().now() == 0);
        assertEquals(201, client.bulk(document(null)).status());
    }

    /** A connection on which the head of an NDJSON bulk request was sent. */
    private static HttpSocket begin(String lengthHeader) {
        return new HttpSocket(node.port())
                .send("POST /orders/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                        + lengthHeader + "\r\n\r\n");
    }

    /** Blank lines behind a text, up to a length. */
    private static byte[] padded(String text, int bytes) {
        return (text + "\n".repeat(bytes - text.length())).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aBodyIsWelcomeInAnyCut() throws Exception {
        String body = document(null) + "\r\n" + document(null) + "\n";
        try (HttpSocket socket = begin("Content-Length: " + body.length())) {
            for (byte b : body.getBytes(StandardCharsets.US_ASCII)) {
                socket.send(new byte[] {b});
            }
            assertEquals(201, socket.read().status());
        }
    }
}
