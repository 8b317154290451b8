package dev.sluice.load.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.order.Order;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Redis, the one that is bundled. */
@Tag("contract")
@Timeout(60)
class RedisHashesTest {

    private static final String BINARY = "/redis-server-7.0.15-linux-amd64";
    private static final String PASSWORD = "p:@ss";

    @TempDir
    Path folder;

    private @Nullable Process server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        try (InputStream in = RedisHashesTest.class.getResourceAsStream(BINARY)) {
            boolean runs = in != null && System.getProperty("os.arch").equals("amd64");
            assumeTrue(runs && System.getProperty("os.name").equals("Linux"), "no Redis for this machine");
            Files.copy(in, folder.resolve("redis-server"));
        }
        assertTrue(folder.resolve("redis-server").toFile().setExecutable(true));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = new ProcessBuilder(
                        folder.resolve("redis-server").toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--requirepass",
                        PASSWORD)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        while (!listens()) {
            assertTrue(server.isAlive(), "Redis ended");
            Thread.onSpinWait();
        }
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException notYet) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private RedisAddress address(String userInfo) {
        return RedisAddress.parse("redis://" + userInfo + "127.0.0.1:" + port + "/1");
    }

    @Test
    void hashesAreReadToTheirEnd() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Resp resp = new Resp(socket.getInputStream(), socket.getOutputStream());
            resp.call("AUTH", PASSWORD);
            resp.call("SELECT", "1");
            for (int i = 0; i < 3_000; i++) {
                resp.call("HSET", "sluice:{0}:orders", "field" + i, "\u00e9\r\n" + i);
            }
            resp.call("HSET", "sluice:{12}:orders", "field", "value");
            resp.call("HSET", "sluice:{0}:dead", "field", "value");
            resp.call("HSET", "sluice:0:orders", "field", "value");
        }
        try (RedisHashes redis = RedisHashes.connect(address(":p%3A%40ss@"))) {
            assertEquals(List.of("sluice:{0}:orders", "sluice:{12}:orders"), redis.keys("sluice:{*}:orders"));
            Map<String, byte[]> found = new HashMap<>();
            redis.fields("sluice:{0}:orders", found::put);
            assertEquals(3_000, found.size());
            assertArrayEquals("\u00e9\r\n7".getBytes(UTF_8), found.get("field7"));
            redis.fields(
                    "sluice:{5}:orders",
                    (field, value) -> {
                        throw new AssertionError(field);
                    });
        }
    }

    @Test
    void whoIsNotLetInIsTold() {
        assertTrue(refusal("").contains("NOAUTH"), refusal(""));
        assertTrue(refusal(":wrong@").contains("WRONGPASS"));
        assertTrue(refusal("nobody:wrong@").contains("WRONGPASS"));
    }

    private String refusal(String userInfo) {
        return String.valueOf(assertThrows(IOException.class, () -> RedisHashes.connect(address(userInfo)))
                .getMessage());
    }

    @Test
    void whereThereIsNoneThatIsSaid() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        OverflowSource source = new OverflowSource("redis://:hush@127.0.0.1:" + nobody, new NoOrders());
        String message = String.valueOf(assertThrows(OverflowSource.Unreachable.class, () -> source.search("t-", null))
                .getMessage());
        assertTrue(message.startsWith("cannot use the Redis at redis://127.0.0.1:" + nobody + "/0: "), message);
    }

    private static final class NoOrders implements OverflowDecoder {
        @Override
        public Order queued(byte[] value) {
            throw new IllegalArgumentException();
        }

        @Override
        public Order dead(byte[] value) {
            throw new IllegalArgumentException();
        }
    }
}
