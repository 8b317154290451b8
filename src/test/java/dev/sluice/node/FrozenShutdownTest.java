package dev.sluice.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.BundledPostgres;
import dev.sluice.embedded.BundledServer;
import dev.sluice.embedded.DataDirectory;
import dev.sluice.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is frozen (SIGSTOP) while a node stops: every request is answered, and both are gone in time. */
@Tag("contract")
@Timeout(180)
class FrozenShutdownTest {

    private final OrderClient.Log log = new OrderClient.Log();

    @Test
    void aFrozenPostgresHoldsUpNeitherTheNodeNorItself(@TempDir Path folder) throws Exception {
        try (DataDirectory data = DataDirectory.open(folder);
                BundledPostgres postgres = BundledPostgres.start(data, BundledServer.Options.defaults());
                Metrics metrics = Metrics.on("test")) {
            SluiceConfig config = SluiceConfig.of("http.port=0", "admin.port=0", "postgres.uri=" + postgres.uri());
            Server server = Server.start(config, metrics, "test").await(60, TimeUnit.SECONDS);
            List<Thread> clients = load(server.httpPort());
            log.awaitMore(500);
            freeze(postgres.pid());

            long began = System.nanoTime();
            server.stop().await(20, TimeUnit.SECONDS);
            long nodeMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            postgres.stop();
            long allMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);

            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(log.failures));
            assertTrue(nodeMs < 10_000, "the node took " + nodeMs + " ms");
            assertTrue(allMs < 15_000, "both took " + allMs + " ms");
        }
    }

    private List<Thread> load(int port) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String tag = "frozen" + i;
            Thread client = new Thread(new OrderClient(port, tag, Integer.MAX_VALUE, 0, () -> true, log), tag);
            clients.add(client);
            client.start();
        }
        return clients;
    }

    private static void freeze(long postmaster) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-STOP", Long.toString(postmaster)));
        ProcessHandle.of(postmaster)
                .orElseThrow()
                .descendants()
                .forEach(child -> command.add(Long.toString(child.pid())));
        assertEquals(0, new ProcessBuilder(command).start().waitFor());
    }
}
