package dev.sluice.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.load.LoadSettings;
import dev.sluice.load.run.LoadRun;
import dev.sluice.load.run.RunSetup;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("contract")
class ConnectorTest {

    private static final int TURNS = 100;

    /** Each time that it is told opens it again: twice would be two connections, then four. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionThatIsRefusedIsToldOnce(boolean tls) throws Exception {
        Target target = new Target("127.0.0.1", 1, "", tls);
        LoadSettings settings =
                new LoadSettings(target.toString(), 1, Duration.ZERO, Duration.ofSeconds(1), 0, 1, 0, 0);
        RunSetup setup = RunSetup.of(settings, Duration.ofSeconds(1), null, false);
        Secured secured = tls ? new Secured(SSLContext.getDefault(), target.host(), target.port()) : null;
        HttpRequests requests = new HttpRequests(setup.documents(), 1, target, List.of());
        Connector connector =
                new Connector(new InetSocketAddress(target.host(), target.port()), secured, requests, false);
        LoadConnection line = (LoadConnection) connector.line(new LoadRun(setup, connector));
        List<Throwable> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Throwable> first = new CompletableFuture<>();
        connector.execute(() -> connector.connect(line, error -> {
            told.add(error);
            first.complete(error);
        }));
        assertInstanceOf(ConnectException.class, first.get(10, TimeUnit.SECONDS));
        for (int i = 0; i < TURNS; i++) {
            CompletableFuture<Void> turn = new CompletableFuture<>();
            connector.execute(() -> turn.complete(null));
            turn.get(10, TimeUnit.SECONDS);
        }
        connector.close();
        assertEquals(1, told.size(), told.toString());
    }
}
