package dev.sluice.http;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.TestPostgres;
import dev.sluice.metrics.Metrics;
import dev.sluice.node.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A whole node in this process, over a database of its own. Every method blocks. */
final class BulkNode {

    private static final AtomicInteger KEYS = new AtomicInteger();

    final Metrics metrics = Metrics.on("test");
    final String database = TestPostgres.freshDatabase();
    final Server server;
    final BulkClient client;

    BulkNode() throws Exception {
        server = Server.start(
                        SluiceConfig.of(
                                "http.port=0",
                                "admin.port=0",
                                "postgres.uri=" + database,
                                "writer.deadlineMs=8000", // as many orders as these take a busy machine its time
                                "bus.deadlineMs=9000",
                                "http.deadlineMs=20000"),
                        metrics,
                        "test")
                .await(30, TimeUnit.SECONDS);
        client = new BulkClient(server.httpPort());
    }

    /** A client order id that no other test uses. */
    static String key() {
        return "k-" + KEYS.incrementAndGet();
    }

    /** Rows with such a client order id. */
    String rows(String keyLike) {
        return TestPostgres.queryText(
                database, "select count(*) from orders where client_order_id like '" + keyLike + "'");
    }

    /** A connection on which the head of an NDJSON bulk request was sent. */
    Socket begin(String lengthHeader) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
        String head = "POST /orders/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n" + lengthHeader
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Blank lines behind a text, up to a length. */
    static byte[] padded(String text, int bytes) {
        return (text + "\n".repeat(bytes - text.length())).getBytes(StandardCharsets.US_ASCII);
    }

    void close() throws Exception {
        server.stop().await(30, TimeUnit.SECONDS);
        metrics.close();
    }
}
