package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.config.LoadedConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.Metrics;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Ports;
import dev.sluice.rig.TestPostgres;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that is starting is not ready before its API listens and a writer has joined. */
@Tag("contract")
class ReadyAtStartTest {

    private static final long LIMIT_SECONDS = 30;

    @Test
    void readyMeansThatTheApiListens() throws Exception {
        for (int round = 0; round < 5; round++) {
            int port = Ports.free();
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

    private static boolean isReady(int adminPort) {
        return adminPort > 0 && readyz(adminPort) == 200;
    }

    private static int readyz(int adminPort) {
        try (OrderClient client = new OrderClient(adminPort)) {
            return client.get("/readyz").status();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
