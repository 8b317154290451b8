package dev.sluice.node;

import dev.sluice.rig.Await;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import dev.sluice.store.TestOrders;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * Clients that send orders of their own until told to stop, and what they have seen. Everything that a correct client
 * must not see is a failure: a reset, an end of stream in the middle of an answer or without one.
 */
final class OrderLoad {

    final Map<String, Integer> answers = new ConcurrentHashMap<>();
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    final Queue<String> refusedConnections = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private final int port;
    private final BooleanSupplier goOn;

    OrderLoad(int port, BooleanSupplier goOn) {
        this.port = port;
        this.goOn = goOn;
    }

    /** @param requestsPerConnection after which a client opens another connection, so that they come and go */
    void add(String tag, int count, int requestsPerConnection, long pauseMs) {
        for (int i = 0; i < count; i++) {
            String name = tag + i;
            Thread thread = new Thread(() -> run(name, requestsPerConnection, pauseMs), name);
            clients.add(thread);
            thread.start();
        }
    }

    int clients() {
        return clients.size();
    }

    void join() throws InterruptedException {
        for (Thread client : clients) {
            client.join();
        }
    }

    /** Waits until so many more requests than now were answered: the load runs. */
    void awaitMore(int more) {
        int enough = answers.size() + more;
        Await.state("a load of " + more + " answers, but " + failures, () -> answers.size() >= enough);
    }

    long count(int status) {
        return answers.values().stream().filter(seen -> seen == status).count();
    }

    private void run(String tag, int requestsPerConnection, long pauseMs) {
        int sent = 0;
        try (OrderClient client = new OrderClient(port)) {
            while (goOn.getAsBoolean()) {
                sent++;
                send(client, tag + "-" + sent);
                if (sent % requestsPerConnection == 0) {
                    client.reconnect();
                }
                if (pauseMs > 0) {
                    Await.pause("a client that is mostly idle", pauseMs);
                }
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof ConnectException) {
                refusedConnections.add(tag);
            } else {
                failures.add(tag + "-" + sent + ": " + e);
            }
        }
    }

    private void send(OrderClient client, String key) {
        Reply reply = client.post(TestOrders.document(key));
        answers.put(key, reply.status());
        if (reply.status() >= 300) {
            refusals.add(key + ": " + reply.body());
        }
    }
}
