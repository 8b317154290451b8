package dev.sluice.load.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.ClusterConfig;
import dev.sluice.config.SluiceConfig;
import dev.sluice.load.LoadResult;
import dev.sluice.load.LoadResult.Counts;
import dev.sluice.load.LoadSettings;
import dev.sluice.rig.Await;
import dev.sluice.rig.Ports;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generator against members that answer as no node would, or seldom. */
@Tag("contract")
@Timeout(90)
class BusLoadTest {

    private static final String ID = "1db3ef6c-15ce-820b-97d8-b7396807a414";
    private static final Duration PATIENT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private String members = "";
    private ClusterConfig answering;
    private ClusterConfig sending;

    @BeforeEach
    void choosePorts() {
        int first = Ports.free();
        members = "cluster.members=127.0.0.1:" + first;
        answering = cluster(first);
        sending = cluster(Ports.free());
    }

    private ClusterConfig cluster(int port) {
        return SluiceConfig.of(
                        "cluster.enabled=true", members, "cluster.port=" + port, "cluster.busPort=" + Ports.free())
                .cluster();
    }

    private static LoadSettings settings(double rate, int batch) {
        return new LoadSettings("bus", 4, Duration.ZERO, Duration.ofMillis(400), rate, batch, 0, 0);
    }

    private BusLoad.Options options(LoadSettings settings, Duration timeout) {
        return new BusLoad.Options(sending, settings, "shop-1", timeout, folder.resolve("history"), "test");
    }

    private static LoadResult await(BusLoad load) throws Exception {
        LoadResult result = load.await(60_000);
        assertNotNull(result, "the run did not end");
        return result;
    }

    private LoadResult run(Consumer<Message<Buffer>> answers, LoadSettings settings, Duration timeout)
            throws Exception {
        StubMember member = StubMember.consuming(answering, answers);
        try {
            return await(BusLoad.start(options(settings, timeout)));
        } finally {
            member.close();
        }
    }

    private static JsonObject created(int line) {
        return new JsonObject().put("line", line).put("status", 201).put("id", ID);
    }

    private static void create(Message<Buffer> message) {
        message.reply(created(1).toBuffer());
    }

    private static String statusOf(LoadResult result) {
        return result.answers().toString();
    }

    @Test
    void aRateIsKeptAndEachOrderIsInTheHistory() throws Exception {
        AtomicReference<String> account = new AtomicReference<>();
        LoadResult result = run(
                message -> {
                    account.set(message.headers().get("account"));
                    create(message);
                },
                settings(500, 1),
                PATIENT);
        assertEquals(200, result.counts().offered());
        assertEquals(200, result.counts().committed(), statusOf(result));
        assertEquals("shop-1", account.get());
        assertTrue(result.perSecond() <= 500 && result.perSecond() > 100, "of " + result.seconds() + " s");
        long answers = Files.readAllLines(folder.resolve("history")).stream()
                .filter(line -> line.matches("A \\d+ 201 " + ID + " \\d{16}"))
                .count();
        assertEquals(200, answers);
    }

    /** The first answer takes 200 ms; every order that is due meanwhile pays. */
    @Test
    void latencyCountsFromTheIntendedTime() throws Exception {
        AtomicInteger messages = new AtomicInteger();
        LoadSettings one = new LoadSettings("bus", 1, Duration.ZERO, Duration.ofMillis(400), 100, 1, 0, 0);
        AtomicReference<StubMember> member = new AtomicReference<>();
        try (StubMember stalling = StubMember.consuming(answering, message -> {
            if (messages.incrementAndGet() == 1) {
                member.get().vertx().setTimer(200, id -> create(message));
            } else {
                create(message);
            }
        })) {
            member.set(stalling);
            LoadResult result = await(BusLoad.start(options(one, PATIENT)));
            assertEquals(40, result.counts().committed(), statusOf(result));
            assertTrue(result.counts().late() >= 15, "sends that waited: " + result.counts());
            assertTrue(result.latency().p90() > 100, "they have that wait in their latency: " + result.latency());
        }
    }

    /** Orders that fell 5 s behind never leave. */
    @Test
    void whatFallsTooFarBehindIsSkipped() throws Exception {
        LoadSettings six = new LoadSettings("bus", 1, Duration.ZERO, Duration.ofMillis(500), 20, 1, 0, 0);
        LoadResult result = run(message -> {}, six, Duration.ofMillis(5_600));
        Counts counts = result.counts();
        assertEquals(10, counts.offered() + counts.skipped(), counts.toString());
        assertTrue(counts.skipped() >= 8, counts.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "503, 'not_stored: the node has no room', 503:not_stored, 0",
        "400, 'bad_request: no such account', 400:bad_request, 1",
        "500, 'no code', 500, 0",
        "500, 'two words: and more', 500:unreadable, 0",
        "7, 'no status', lost, 0"
    })
    void aRefusalOfTheWholeSpeaksForEachOrder(int status, String said, String answer, int refused) throws Exception {
        LoadResult result = run(message -> message.fail(status, said), settings(1_000, 10), PATIENT);
        assertEquals(400L, result.answers().get(answer), statusOf(result));
        assertEquals(refused * 400L, result.counts().refused());
        assertEquals(400 - refused * 400L, result.counts().errors());
    }

    @Test
    void arraysAreCountedByTheirResults() throws Exception {
        LoadResult result = run(
                message -> {
                    JsonArray results = new JsonArray();
                    for (int i = 1; i < new JsonArray(message.body()).size(); i++) {
                        JsonObject refused = new JsonObject()
                                .put("line", i)
                                .put("status", 400)
                                .put("code", "invalid_order");
                        results.add(i % 2 == 1 ? created(i) : refused);
                    }
                    message.reply(results.toBuffer());
                },
                settings(1_000, 5),
                PATIENT);
        assertEquals(400, result.counts().offered());
        assertEquals(160, result.counts().committed(), statusOf(result));
        assertEquals(160L, result.answers().get("400:invalid_order"));
        assertEquals(80L, result.answers().get("unanswered"), "the last order of each array");
    }

    @Test
    void aClosedRunWaitsWhenAskedTo() throws Exception {
        LoadResult result = run(
                message -> message.reply(
                        Buffer.buffer("{\"line\":1,\"status\":503,\"code\":\"not_stored\"}"),
                        new DeliveryOptions().addHeader("retry-after", "1")),
                settings(0, 1),
                PATIENT);
        assertEquals(4, result.counts().offered());
        assertEquals(4L, result.answers().get("503:not_stored"));
    }

    @Test
    void aSilentMemberIsGivenUp() throws Exception {
        LoadResult result = run(message -> {}, settings(0, 1), Duration.ofMillis(300));
        assertTrue(result.counts().offered() >= 4);
        assertEquals(result.counts().offered(), result.answers().get("timeout"), statusOf(result));
        assertEquals(result.counts().offered(), result.counts().errors());
    }

    /** It is an error at once, and is tried again ten times a second. */
    @Test
    void anAddressThatNoMemberConsumesAnyMoreIsAnError() throws Exception {
        AtomicInteger messages = new AtomicInteger();
        LoadSettings endless = new LoadSettings("bus", 2, Duration.ZERO, Duration.ofMinutes(1), 0, 1, 0, 0);
        try (StubMember member = StubMember.consuming(answering, message -> {
            messages.incrementAndGet();
            create(message);
        })) {
            BusLoad load = BusLoad.start(options(endless, PATIENT));
            Await.until("some messages", () -> messages.get() > 10);
            member.leaveAddress();
            Await.until("errors", () -> load.progress().errors() > 2);
            load.interrupt();
            LoadResult result = await(load);
            assertTrue(result.interrupted());
            assertTrue(result.answers().get("no_handlers") >= 2, statusOf(result));
            assertEquals(
                    result.counts().offered(),
                    result.counts().committed() + result.counts().errors());
        }
    }

    @Test
    void withoutAMemberThereIsNoRun() throws Exception {
        BusLoad load = BusLoad.start(options(settings(0, 1), PATIENT));
        ConnectException error = assertThrows(ConnectException.class, () -> await(load));
        assertTrue(error.getMessage().startsWith("no member of cluster 'sluice' was found (cluster.members 127.0.0.1"));
    }

    @Test
    void withoutAMemberThatTakesOrdersThereIsNoRun() throws Exception {
        try (StubMember idle = StubMember.idle(answering)) {
            BusLoad load = BusLoad.start(options(settings(0, 1), PATIENT));
            ConnectException error = assertThrows(ConnectException.class, () -> await(load));
            assertTrue(
                    error.getMessage().startsWith("none of the 1 other members of cluster 'sluice' consumes"),
                    error.getMessage() + idle.getClass());
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "'a b'", "ä", "x/y"})
    void anAccountIsAName(String account) {
        assertThrows(IllegalArgumentException.class, () -> BusLoad.requireAccount(account));
    }
}
