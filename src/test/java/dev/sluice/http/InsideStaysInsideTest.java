package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.budget.MemoryBudget;
import dev.sluice.bus.OrderDispatcher;
import dev.sluice.bus.WriterDirectory;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.TestConfig;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.PausableTransport;
import dev.sluice.metrics.Metrics;
import dev.sluice.quota.Quotas;
import dev.sluice.rig.HttpSocket;
import dev.sluice.rig.Reply;
import dev.sluice.store.OverflowQueue;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A fault of ours is told as one, without a word of where it happened; and the access log keeps to its line. */
@Tag("contract")
class InsideStaysInsideTest {

    /** Fails where every order needs it. */
    private static final class BrokenClock extends Clock {
        @Override
        public Instant instant() {
            throw new IllegalStateException("secret of the house");
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static final Vertx VERTX = Vertx.vertx();
    private static final Metrics METRICS = Metrics.on("test");
    private static IntakeVerticle intake;

    @BeforeAll
    static void start() throws Exception {
        SluiceConfig config = TestConfig.of("http.port=0", "http.accessLog=true");
        intake = new IntakeVerticle(
                "0",
                config,
                new IntakeSharedState(
                        PausableTransport.ofThisMachine(),
                        new MemoryBudget(1L << 30),
                        new ConnectionBound(100, 0),
                        1L << 20,
                        new Quotas(config.quota(), METRICS, System::nanoTime),
                        null),
                context -> new OrderDispatcher(
                        context, new WriterDirectory(), "nowhere", loop -> new OverflowQueue.None(), config, METRICS),
                METRICS,
                new BrokenClock());
        VERTX.deployVerticle(intake).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aFaultOfOursIsAProblemWithoutATrace() {
        try (HttpSocket client = new HttpSocket(intake.port())) {
            Reply reply = client.send(HttpSocket.post("", HttpSocket.ORDER)).read();
            assertEquals(500, reply.status());
            assertEquals(List.of(), new Contract().faults("Problem", reply.json()));
            assertEquals(
                    "{\"type\":\"urn:sluice:problem:internal_error\",\"title\":\"Internal error\",\"status\":500,"
                            + "\"detail\":\"Sluice failed; its log says why.\",\"code\":\"internal_error\"}",
                    reply.body());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void oneLineARequestAndNothingOfTheQuery() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger access = (Logger) LoggerFactory.getLogger("dev.sluice.access");
        access.addAppender(lines);
        try (HttpSocket client = new HttpSocket(intake.port())) {
            String get = HttpSocket.get("/orders/%1b[31m?clientOrderId=secret");
            client.send(get.replace("\r\n\r\n", "\r\nX-Request-Id: r 1\r\n\r\n"))
                    .read();
            client.send("nonsense\r\n\r\n").read();
        } finally {
            access.detachAppender(lines);
        }
        assertEquals(2, lines.list.size());
        String line = lines.list.get(0).getFormattedMessage();
        assertTrue(line.matches("GET /orders/%1b\\[31m 404 [0-9]+us [1-9][0-9]*B id=r 1"), line);
        assertTrue(lines.list.get(1).getFormattedMessage().matches("- - 400 0us [1-9][0-9]*B id=-"));
    }
}
