package dev.sluice.http;

import dev.sluice.auth.Authentication;
import dev.sluice.auth.Identity;
import dev.sluice.budget.MemoryBudget;
import dev.sluice.listener.ConnectionBound;
import dev.sluice.listener.PausableTransport;
import dev.sluice.listener.tls.ListenerContext;
import dev.sluice.quota.Quotas;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the intake instances of one node share: how many connections there are, whether the node is draining, how
 * many requests are open, and what they hold. Thread safe.
 */
public final class IntakeSharedState {

    private final PausableTransport transport;
    private final ConnectionBound connections;
    private final MemoryBudget memory;
    private final long unreadBytesMax;
    private final Quotas quotas;
    private final @Nullable ListenerContext tls;
    private final Authentication authentication;
    private final Set<String> misdirectedHosts = ConcurrentHashMap.newKeySet();
    private final List<Exchanges> instances = new CopyOnWriteArrayList<>();
    private volatile boolean draining;

    /** As below, for clients that show no credentials. */
    public IntakeSharedState(
            PausableTransport transport,
            MemoryBudget memory,
            ConnectionBound connections,
            long unreadBytesMax,
            Quotas quotas,
            @Nullable ListenerContext tls) {
        this(
                transport,
                memory,
                connections,
                unreadBytesMax,
                quotas,
                tls,
                Authentication.trusting(Identity.EVERY_CLIENT));
    }

    /**
     * For instances that listen through that transport.
     *
     * @param memory what clients may take of the node
     * @param connections that the instances may have together
     * @param unreadBytesMax of answers that were written and not taken, together
     * @param quotas of accounts
     * @param tls that the instances speak; null for none
     * @param authentication of clients
     */
    public IntakeSharedState(
            PausableTransport transport,
            MemoryBudget memory,
            ConnectionBound connections,
            long unreadBytesMax,
            Quotas quotas,
            @Nullable ListenerContext tls,
            Authentication authentication) {
        this.quotas = quotas;
        this.tls = tls;
        this.transport = transport;
        this.memory = memory;
        this.connections = connections;
        this.unreadBytesMax = unreadBytesMax;
        this.authentication = authentication;
    }

    PausableTransport transport() {
        return transport;
    }

    Quotas quotas() {
        return quotas;
    }

    @Nullable
    ListenerContext tls() {
        return tls;
    }

    /** Who clients are. */
    Authentication authentication() {
        return authentication;
    }

    ConnectionBound connections() {
        return connections;
    }

    /** One instance's part of what may be written and not taken, bytes. */
    long unreadBytesMax() {
        return unreadBytesMax / Math.max(1, instances.size());
    }

    /** What clients may take of this node. */
    public MemoryBudget memory() {
        return memory;
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
}
