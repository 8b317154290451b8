package dev.sluice.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The writers that this node may send to: its own, and those that other nodes announce. Own writers enter when they
 * consume and leave before they stop. Thread safe; read on every event loop, changed rarely.
 */
public final class WriterDirectory {

    private final List<Writer> local = new CopyOnWriteArrayList<>();
    private final Map<String, List<Writer>> byNode = new ConcurrentHashMap<>();
    private volatile List<Writer> remote = List.of();
    private volatile Supplier<Future<Void>> farewell = Future::succeededFuture;
    private volatile Runnable joined = () -> {};

    /** One writer of this node begins to take orders. */
    public void add(String address) {
        add(new Writer(address, true));
    }

    /**
     * The same, of a writer that senders on its own event loop call.
     *
     * @param answers what it does with a message; the result never fails
     */
    public void add(String address, Context context, Function<OrderBatch, Future<OutcomeBatch>> answers) {
        add(new Writer(address, true, new Writer.Neighbour(context, answers)));
    }

    private void add(Writer writer) {
        local.add(writer);
        joined.run();
    }

    /** What runs when a writer of this node has entered; any thread. */
    public void onJoin(Runnable tellOthers) {
        joined = tellOthers;
    }

    /** Completes when nothing sends to that writer of this node any more, but for messages that are on their way. */
    public Future<Void> remove(String address) {
        boolean known = local.removeIf(writer -> writer.address().equals(address));
        return known ? farewell.get() : Future.succeededFuture();
    }

    /** Whether a writer of this node has room for more orders. */
    public void room(String address, boolean room) {
        for (Writer writer : local) {
            if (writer.address().equals(address)) {
                writer.heard(!room, System.nanoTime());
            }
        }
    }

    /** What makes other nodes know that a writer of this node leaves; asked after it left the directory. */
    public void onLeave(Supplier<Future<Void>> tellOthers) {
        farewell = tellOthers;
    }

    /** The writers of this node that said something about themselves since that time. */
    public List<WriterNotice> notices(long sinceNanos) {
        return local.stream()
                .filter(writer -> writer.heardNanos() - sinceNanos >= 0)
                .map(writer -> new WriterNotice(writer.address(), writer.isFull()))
                .toList();
    }

    /** Another node announces its writers; those that it no longer names are gone. */
    public synchronized void heard(String node, List<WriterNotice> notices, long nowNanos) {
        List<Writer> known = byNode.getOrDefault(node, List.of());
        List<Writer> writers = new ArrayList<>();
        for (WriterNotice notice : notices) {
            Writer writer = known.stream()
                    .filter(one -> one.address().equals(notice.address()))
                    .findFirst()
                    .orElseGet(() -> new Writer(notice.address(), false));
            writer.heard(notice.full(), nowNanos);
            writers.add(writer);
        }
        if (!writers.equals(known)) {
            byNode.put(node, List.copyOf(writers));
            remote = byNode.values().stream().flatMap(List::stream).toList();
        }
    }

    /** Another node left, died, or is silent. */
    public void gone(String node) {
        heard(node, List.of(), System.nanoTime());
        byNode.remove(node);
    }

    /** Whether any writer is known. */
    public boolean isEmpty() {
        return local.isEmpty() && remote.isEmpty();
    }

    List<Writer> local() {
        return local;
    }

    List<Writer> remote() {
        return remote;
    }
}
