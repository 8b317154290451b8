package dev.sluice.http;

import static dev.sluice.http.BulkClient.NDJSON;
import static dev.sluice.http.BulkClient.order;
import static dev.sluice.http.BulkClient.unkeyed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.http.BulkClient.Reply;
import dev.sluice.metrics.Bound;
import dev.sluice.metrics.OrderOutcome;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
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

    private static BulkNode node;
    private static BulkClient client;

    @BeforeAll
    static void start() throws Exception {
        node = new BulkNode();
        client = node.client;
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void upToTenThousandOrdersAreTakenAndOneMoreRefusesAll() throws Exception {
        String tag = BulkNode.key();
        List<String> orders = IntStream.range(0, ORDERS_MAX)
                .mapToObj(i -> order(tag + "-" + i))
                .toList();
        Reply most = client.ndjson(orders.toArray(String[]::new));
        assertEquals(201, most.status());
        assertEquals(ORDERS_MAX, most.lines().size());
        assertEquals("" + ORDERS_MAX, node.rows(tag + "-%"));

        long refused = node.metrics.refused().of(Bound.BULK_ORDERS).total();
        String other = BulkNode.key();
        Reply tooMany = client.array("[" + order(other) + "," + String.join(",", orders) + "]");
        assertEquals(413, tooMany.status());
        assertEquals("too_many_orders", tooMany.problem().getString("code"));
        assertEquals("0", node.rows(other));
        assertEquals(refused + 1, node.metrics.refused().of(Bound.BULK_ORDERS).total());
    }

    @Test
    void upToEightMebibytesAreTakenAndOneMoreByteRefusesAll() throws Exception {
        for (int bytes : new int[] {BODY_BYTES_MAX - 1, BODY_BYTES_MAX}) {
            assertEquals(
                    201,
                    client.post("/orders/batch", NDJSON, BulkNode.padded(unkeyed() + "\n", bytes))
                            .status());
        }
        String key = BulkNode.key();
        Reply refused = client.post("/orders/batch", NDJSON, BulkNode.padded(order(key) + "\n", BODY_BYTES_MAX + 1));
        assertEquals(413, refused.status());
        assertEquals("body_too_large", refused.problem().getString("code"));
        assertEquals("0", node.rows(key));
    }

    @Test
    void aBodyThatDoesNotSayItsLengthIsRefusedWhenItPassesTheLimit() throws Exception {
        try (Socket socket = node.begin("Transfer-Encoding: chunked")) {
            byte[] chunk = ("100000\r\n" + "\n".repeat(0x100000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 9; i++) {
                socket.getOutputStream().write(chunk);
            }
            assertTrue(firstLine(socket).contains(" 413 "));
        }
    }

    @Test
    void aLineMayHave64KibibytesAndALongerOneCostsOnlyItself() throws Exception {
        String order = unkeyed();
        Reply reply = client.ndjson(
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
        String key = BulkNode.key();
        long committed = node.metrics.orders().of(OrderOutcome.COMMITTED).total();
        long replayed = node.metrics.orders().of(OrderOutcome.REPLAYED).total();
        long invalid = node.metrics.orders().of(OrderOutcome.INVALID).total();
        long conflict = node.metrics.orders().of(OrderOutcome.CONFLICT).total();
        client.ndjson(order(key), order(key), order(key, 2), "{}", unkeyed());
        assertEquals(
                committed + 2, node.metrics.orders().of(OrderOutcome.COMMITTED).total());
        assertEquals(
                replayed + 1, node.metrics.orders().of(OrderOutcome.REPLAYED).total());
        assertEquals(invalid + 1, node.metrics.orders().of(OrderOutcome.INVALID).total());
        assertEquals(
                conflict + 1, node.metrics.orders().of(OrderOutcome.CONFLICT).total());
    }

    @Test
    void loneOrdersAndBulkOrdersAllCommitBesideEachOther() throws Exception {
        String[] orders =
                IntStream.range(0, ORDERS_MAX).mapToObj(i -> unkeyed()).toArray(String[]::new);
        List<CompletableFuture<Integer>> bulks = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> status(() -> client.ndjson(orders))))
                .toList();
        while (!bulks.stream().allMatch(CompletableFuture::isDone)) {
            assertEquals(201, client.single(unkeyed()).status());
        }
        for (CompletableFuture<Integer> bulk : bulks) {
            assertEquals(201, bulk.get());
        }
    }

    private interface Call {
        Reply make() throws Exception;
    }

    private static int status(Call call) {
        try {
            return call.make().status();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClientThatLeavesTakesNothingWithIt() throws Exception {
        try (Socket socket = node.begin("Content-Length: " + BODY_BYTES_MAX)) {
            socket.getOutputStream().write(BulkNode.padded(order(BulkNode.key()) + "\n", 1 << 20));
            until(() -> node.metrics.bulkBytes().now() > 0);
        }
        until(() -> node.metrics.bulkBytes().now() == 0);
        byte[] body = (unkeyed() + "\n").repeat(ORDERS_MAX).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = node.begin("Content-Length: " + body.length)) {
            socket.getOutputStream().write(body);
            until(() -> node.metrics.bulkBytes().now() > 0);
        }
        until(() -> node.metrics.bulkBytes().now() == 0);
        assertEquals(201, client.ndjson(unkeyed()).status());
    }

    private static String firstLine(Socket socket) throws Exception {
        byte[] bytes = new byte[32];
        int read = socket.getInputStream().readNBytes(bytes, 0, bytes.length);
        return new String(bytes, 0, read, StandardCharsets.US_ASCII);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    @Test
    void aBodyIsWelcomeInAnyCut() throws Exception {
        String body = unkeyed() + "\r\n" + unkeyed() + "\n";
        try (Socket socket = node.begin("Content-Length: " + body.length())) {
            for (byte b : body.getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(b);
                socket.getOutputStream().flush();
            }
            assertTrue(firstLine(socket).contains(" 201 "));
        }
    }
}
