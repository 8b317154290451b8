package dev.sluice.http;

import dev.sluice.intake.HeldBytes;
import dev.sluice.listener.PausableTransport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the intake instances of one node share: how many connections there are, whether the node is draining, and how
 * many requests are open, and what bulk requests hold. Thread safe.
 */
public final class IntakeSharedState {

    /** What the bulk requests of one node may hold together, bodies and results. */
    public static final long BULK_BYTES_MAX = 128L << 20;

    private final PausableTransport transport;
    private final AtomicInteger connections = new AtomicInteger();
    private final HeldBytes bulkBytes;
    private final Set<String> misdirectedHosts = ConcurrentHashMap.newKeySet();
    private final List<Exchanges> instances = new CopyOnWriteArrayList<>();
    private volatile boolean draining;

    /**
     * For instances that listen through that transport.
     *
     * @param bulkBytesMax that bulk requests may hold together
     */
    public IntakeSharedState(PausableTransport transport, long bulkBytesMax) {
        this.transport = transport;
        this.bulkBytes = new HeldBytes(bulkBytesMax);
    }

    PausableTransport transport() {
        return transport;
    }

    AtomicInteger connections() {
        return connections;
    }

    /** What bulk requests hold on this node. */
    public HeldBytes bulkBytes() {
        return bulkBytes;
    }

    /** Names of hosts that were refused and are in the log. */
    Set<String> misdirectedHosts() {
        return misdirectedHosts;
    }

    void join(Exchanges exchanges) {
        instances.add(exchanges);
    }

    void leave(Exchanges exchanges) {
        instances.remove(exchanges);
    }

    /** From now on new orders are refused. */
    public void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Requests that are not answered yet. */
    public int openRequests() {
        return instances.stream().mapToInt(Exchanges::open).sum();
    }

    /** Connections that have not ended yet. */
    public int openConnections() {
        return connections.get();
    }
}
