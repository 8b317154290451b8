package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.SluiceConfig;
import dev.sluice.fault.History.End;
import dev.sluice.load.history.HistoryWriter;
import dev.sluice.load.verify.Source;
import dev.sluice.load.verify.Verdict;
import dev.sluice.load.verify.Verification;
import dev.sluice.node.VerifySources;
import dev.sluice.rig.Await;
import dev.sluice.rig.Folders;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A load that remembers everything: new orders, repetitions and contradictions of its own earlier ones, over a few
 * connections, until it is stopped. What it was told is then held against the database.
 */
final class Load implements AutoCloseable {

    static final int CONNECTIONS = 8;
    private static final long LIMIT_MS = 30_000;
    private static final long RETRY_MS = 20;

    /** Beyond every deadline of the contract: a node that passes it hangs. */
    private static final int ANSWER_LIMIT_MS = 8_000;

    private static final AtomicInteger TAGS = new AtomicInteger();

    final History history = new History();
    private final Path folder = Files.createTempDirectory("sluice-load");
    private final Path file;
    private final HistoryWriter record;
    private long seq;
    private final String tag = "load" + ProcessHandle.current().pid() + "n" + TAGS.incrementAndGet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile int[] ports;
    private volatile boolean over;
    private volatile boolean leaving;
    private volatile boolean retries;
    private volatile long paceMs;

    /** How long clients waited for their answers, milliseconds. */
    private final Queue<Long> waitsMs = new ConcurrentLinkedQueue<>();

    /** What a client that tries once more was told in the end, where that was no verdict. */
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private Load(int... ports) throws IOException {
        this.ports = ports;
        file = folder.resolve("history");
        record = HistoryWriter.create(file);
        for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            Thread thread = new Thread(() -> run(number), "load-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Shared out over the nodes at these ports. */
    static Load start(int... ports) throws IOException {
        return new Load(ports);
    }

    /** The node is elsewhere now. */
    void moveTo(int... newPorts) {
        ports = newPorts;
    }

    /** From now on a client whose connection ends with an answer stays away, as behind a load balancer. */
    void leaveWhenLetGo() {
        leaving = true;
    }

    /**
     * From now on a client sends an order that was not answered, or with a 503, once more, and then asks no further; an
     * answer that a proxy made up itself is none. Behind a proxy alone.
     */
    void retryOnce() {
        retries = true;
    }

    /** Orders that were neither acknowledged nor judged, although they were sent twice. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** From now on each client pauses so long between two orders; for a long outage, which needs no more of them. */
    void pace(long ms) {
        paceMs = ms;
    }

    /** The longest time that a client waited for an answer so far. */
    long longestWaitMs() {
        return waitsMs.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** How many orders waited longer. */
    long waitsOver(long ms) {
        return waitsMs.stream().filter(wait -> wait > ms).count();
    }

    /** Waits until every client was let go by the end of an answer. */
    void awaitLeft() {
        await("the end of every connection", () -> threads.stream().noneMatch(Thread::isAlive));
    }

    private void run(int number) {
        Random random = new Random(number);
        OrderClient client = null;
        for (int i = 0; !over; i++) {
            try {
                client = client == null ? new OrderClient(ports[number % ports.length], ANSWER_LIMIT_MS) : client;
            } catch (UncheckedIOException noListener) {
                Await.pause("a client that tries again", RETRY_MS);
                continue;
            }
            Reply answer = attempt(client, next(random, number, i));
            if (answer == null || answer.isLast()) {
                client.close();
                client = null;
                if (leaving) {
                    return;
                }
            }
            if (answer == null || answer.status() == 503) {
                Await.pause("a client that tries again", RETRY_MS);
            }
            if (paceMs > 0) {
                Await.pause("a client with few orders", paceMs);
            }
        }
        if (client != null) {
            client.close();
        }
    }

    /** One order, as often as it is sent. */
    private record Submission(String key, int quantity) {}

    private Submission next(Random random, int number, int i) {
        boolean repeat = i > 0 && random.nextInt(5) == 0;
        // any connection's key: two may send the same at once
        String key = tag + "-" + (repeat ? random.nextInt(CONNECTIONS) : number) + "n"
                + (repeat ? Math.max(0, i - random.nextInt(20)) : i);
        return new Submission(key, repeat && random.nextInt(3) == 0 ? 2 : 1);
    }

    /** Null where there was no answer. */
    private @Nullable Reply attempt(OrderClient client, Submission order) {
        Reply first = send(client, order);
        if (!retries || isVerdict(first)) {
            return first;
        }
        client.reconnect();
        Await.pause("a client that tries again", RETRY_MS);
        Reply second = send(client, order);
        if (!isVerdict(second)) {
            failures.add(order + ": " + first + ", then " + second);
        }
        return second;
    }

    private static boolean isVerdict(@Nullable Reply answer) {
        return answer != null && answer.status() < 500;
    }

    private @Nullable Reply send(OrderClient client, Submission order) {
        history.sending(order.key());
        long sendNumber = recordSent(order.key(), order.quantity());
        long began = System.nanoTime();
        try {
            Reply answer = client.post(TestOrders.document(order.key(), order.quantity(), "12.50"));
            if (retries && !isOfANode(answer)) {
                history.lost(order.key(), order.quantity(), End.RESET);
                return null;
            }
            history.heard(order.key(), order.quantity(), answer);
            recordAnswer(sendNumber, answer);
            return answer;
        } catch (UncheckedIOException lost) {
            boolean hangs = lost.getCause() instanceof SocketTimeoutException;
            history.lost(order.key(), order.quantity(), hangs ? End.HANG : End.RESET);
            return null;
        } finally {
            waitsMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }
    }

    private static boolean isOfANode(Reply answer) {
        return String.valueOf(answer.header("content-type")).contains("json");
    }

    /** In the product's own form, before the request leaves; its number. */
    private long recordSent(String key, int quantity) {
        byte[] fingerprint =
                TestOrders.order(key, quantity).fingerprint().toString().getBytes(StandardCharsets.US_ASCII);
        synchronized (record) {
            record.sent(++seq, key.getBytes(StandardCharsets.US_ASCII), fingerprint);
            record.write();
            return seq;
        }
    }

    private void recordAnswer(long number, Reply answer) {
        boolean good = answer.status() < 300;
        String status = good ? "" + answer.status() : answer.status() + ":" + answer.code();
        String id = good ? answer.json().getString("id") : HistoryWriter.NONE;
        synchronized (record) {
            record.answered(number, status, id);
            record.write();
        }
    }

    /** Waits until the clients have seen it; a run that never gets there is void. */
    void await(String what, BooleanSupplier seen) {
        if (!Await.comes(LIMIT_MS, seen::getAsBoolean)) {
            throw new AssertionError("void: the load never saw " + what + ": " + history.summary());
        }
    }

    /** Waits for that many more such ends. */
    void awaitMore(int more, End... ends) {
        long before = history.count(ends);
        await(more + " more " + List.of(ends), () -> history.count(ends) >= before + more);
    }

    void stop() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(LIMIT_MS);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Stops, and holds every answer against the rows; nothing may be left anywhere else. */
    void verify(String postgresUri) throws Exception {
        stop();
        judge(postgresUri, VerifySources.of(SluiceConfig.of("postgres.uri=" + postgresUri)));
    }

    /** As {@link #verify(String)}, where queued orders and dead letters are answers to a 202 too. */
    void verify(String postgresUri, String redisUri) throws Exception {
        stop();
        judge(postgresUri, VerifySources.of(SluiceConfig.of("postgres.uri=" + postgresUri, "redis.uri=" + redisUri)));
    }

    private void judge(String postgresUri, List<Source> sources) throws Exception {
        System.err.println("load: " + history.summary());
        List<String> violations = history.violations(postgresUri, tag, sources.size() > 1);
        assertEquals(List.of(), violations.stream().limit(5).toList(), violations.size() + " violations");
        Verdict verdict = Verification.of(file, sources);
        assertTrue(verdict.isClean(), () -> "verify: " + verdict + " " + told(verdict));
    }

    /** What the clients heard of the orders that a verdict names. */
    private String told(Verdict verdict) {
        return verdict.named().values().stream()
                .flatMap(List::stream)
                .map(name -> name.split(" ", 2)[0])
                .map(key -> key + ": " + history.of(key))
                .toList()
                .toString();
    }

    @Override
    public void close() throws IOException {
        stop();
        record.close();
        Folders.deleteTree(folder);
    }
}
