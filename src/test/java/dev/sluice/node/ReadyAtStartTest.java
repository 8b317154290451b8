package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.TestPostgres;
import dev.sluice.metrics.Metrics;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that is starting is not ready before its API listens and a writer has joined. */
@Tag("contract")
class ReadyAtStartTest {

    private static final long LIMIT_SECONDS = 30;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void readyMeansThatTheApiListens() throws Exception {
        for (int round = 0; round < 5; round++) {
            int port = freePort();
            SluiceConfig config = SluiceConfig.of(
                    "http.port=" + port,
                    "http.instances=8",
                    "admin.port=0",
                    "postgres.uri=" + TestPostgres.freshDatabase());
            try (Metrics metrics = Metrics.off("test")) {
                Server server = Server.of(new LoadedConfig(config, List.of(), List.of()), metrics, "test");
                Future<Void> started = server.start();
                while (!started.isComplete()) {
                    assertFalse(isReady(server.adminPort()) && !listens(port), "ready before the API listens");
                }
                started.await(LIMIT_SECONDS, TimeUnit.SECONDS);
                assertEquals(200, readyz(server.adminPort()));
                server.stop().await(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private boolean isReady(int adminPort) throws Exception {
        return adminPort > 0 && readyz(adminPort) == 200;
    }

    private int readyz(int adminPort) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + adminPort + "/readyz");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
