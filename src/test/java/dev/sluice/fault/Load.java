package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.fault.History.End;
import dev.sluice.http.RawClient;
import dev.sluice.http.RawClient.Response;
import dev.sluice.store.TestOrders;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A load that remembers everything: new orders, repetitions and contradictions of its own earlier ones, over a few
 * connections, until it is stopped. What it was told is then held against the database.
 */
final class Load implements AutoCloseable {

    private static final int CONNECTIONS = 8;
    private static final long LIMIT_MS = 30_000;
    private static final AtomicInteger TAGS = new AtomicInteger();

    final History history = new History();
    private final String tag = "load" + ProcessHandle.current().pid() + "n" + TAGS.incrementAndGet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile int[] ports;
    private volatile boolean over;
    private volatile boolean leaving;

    private Load(int... ports) {
        this.ports = ports;
        for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            Thread thread = new Thread(() -> run(number), "load-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Shared out over the nodes at these ports. */
    static Load start(int... ports) {
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

    /** Waits until every client was let go by the end of an answer. */
    void awaitLeft() {
        await("the end of every connection", () -> threads.stream().noneMatch(Thread::isAlive));
    }

    private void run(int number) {
        Random random = new Random(number);
        RawClient client = null;
        for (int i = 0; !over; i++) {
            try {
                client = client == null ? new RawClient(ports[number % ports.length]) : client;
            } catch (IOException nobodyListens) {
                pause(20);
                continue;
            }
            Response answer = attempt(client, random, number, i);
            if (answer == null || answer.isLast()) {
                close(client);
                client = null;
                if (leaving) {
                    return;
                }
            }
            if (answer == null || answer.status() == 503) {
                pause(20);
            }
        }
        close(client);
    }

    /** Null where there was no answer. */
    private Response attempt(RawClient client, Random random, int number, int i) {
        boolean repeat = i > 0 && random.nextInt(5) == 0;
        // any connection's key: two may send the same at once
        String key = tag + "-" + (repeat ? random.nextInt(CONNECTIONS) : number) + "-"
                + (repeat ? Math.max(0, i - random.nextInt(20)) : i);
        int quantity = repeat && random.nextInt(3) == 0 ? 2 : 1;
        history.sending(key);
        try {
            Response answer = client.post(TestOrders.document(key, quantity, "12.50"));
            history.heard(key, quantity, answer);
            return answer;
        } catch (SocketTimeoutException hang) {
            history.lost(key, quantity, End.HANG);
        } catch (IOException reset) {
            history.lost(key, quantity, End.RESET);
        }
        return null;
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(RawClient client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (IOException e) {
            System.err.println("load: " + e);
        }
    }

    /** Waits until the clients have seen it; a run that never gets there is void. */
    void await(String what, BooleanSupplier seen) {
        long began = System.nanoTime();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(LIMIT_MS)) {
                throw new AssertionError("void: the load never saw " + what + ": " + history.summary());
            }
            pause(5);
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

    /** Stops, and holds every answer against the rows. */
    void verify(String postgresUri) {
        stop();
        System.err.println("load: " + history.summary());
        List<String> violations = history.violations(postgresUri, tag);
        assertEquals(List.of(), violations.stream().limit(5).toList(), violations.size() + " violations");
    }

    @Override
    public void close() {
        stop();
    }
}
