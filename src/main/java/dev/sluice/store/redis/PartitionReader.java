package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;
import static dev.sluice.store.redis.RedisCommands.number;

import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's way through one stream: after every connect what it was given before and did not settle, from time to
 * time what a consumer that is gone left behind, else new entries. One read at a time.
 *
 * <p>Entries are delivered whole. An order is in one read once; its other entries, left by offers that raced, hold nothing.
 *
 * <p>Entries and orders of a newer format stay where they are, for a reader that knows them.
 */
final class PartitionReader {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

    private static final String FROM_START = "0-0";

    private final RedisCommands commands;
    private final StoredForms stored;
    private final RedisKeys keys;
    private final String consumer;
    private final long claimIdleMs;
    private final OpenEntries open;

    /** Delivered by Redis, their orders not fetched yet. */
    private final Deque<Part> parts = new ArrayDeque<>();

    /** Orders in an entry, as the last read had them: what a read asks for follows from it. */
    private double ordersPerEntry = StreamEntry.ORDERS_MAX;

    /** Where the consumer's own pending entries are read on from; null once there are no more. */
    private @Nullable String pendingAfter = FROM_START;

    private String claimFrom = FROM_START;
    private long claimAtNanos;

    /** Whether the scan that is under way, or comes next, takes all that others hold, however lately they got it. */
    private boolean takesOver;

    private boolean newerSeen;

    /** An entry, delivered so often. */
    private record Part(StreamEntry entry, long deliveries) {}

    PartitionReader(
            RedisCommands commands,
            StoredForms stored,
            RedisKeys keys,
            String consumer,
            long claimIdleMs,
            OpenEntries open) {
        this.commands = commands;
        this.stored = stored;
        this.keys = keys;
        this.consumer = consumer;
        this.claimIdleMs = claimIdleMs;
        this.open = open;
        this.claimAtNanos = System.nanoTime();
    }

    /** The connection is a new one: what was delivered on the old may never have arrived. */
    void restart() {
        parts.clear();
        pendingAfter = FROM_START;
        claimFrom = FROM_START;
        claimAtNanos = System.nanoTime();
    }

    /** This consumer alone reads from now on: what others were given is its own. */
    void takeOver() {
        restart();
        takesOver = true;
    }

    /** What it was given before and did not settle; empty once there is no more of it. */
    Future<List<Delivery>> held(int max) {
        String after = pendingAfter;
        if (after == null) {
            return Future.succeededFuture(List.of());
        }
        if (!parts.isEmpty()) {
            return take(max);
        }
        return readGroup(after, max).compose(replies -> {
            pendingAfter = replies.isEmpty()
                    ? null
                    : replies.get(replies.size() - 1).get(0).toString();
            return redelivered(replies, max)
                    .compose(known -> known.isEmpty() ? held(max) : Future.succeededFuture(known));
        });
    }

    /** What others left behind, else new entries. */
    Future<List<Delivery>> read(int max) {
        if (!parts.isEmpty()) {
            return take(max);
        }
        return System.nanoTime() - claimAtNanos >= 0 ? claimed(max) : fresh(max);
    }

    private Future<List<Delivery>> fresh(int max) {
        return readGroup(">", max).compose(replies -> deliveries(replies, List.of(), max));
    }

    private Future<List<Response>> readGroup(String after, int max) {
        Request request = cmd(Command.XREADGROUP, "GROUP", RedisKeys.GROUP, consumer)
                .arg("COUNT")
                .arg(entries(max))
                .arg("STREAMS")
                .arg(keys.stream())
                .arg(after);
        return commands.send(request, commands.commandDeadline())
                .map(reply -> reply == null ? List.of() : list(reply.get(keys.stream())));
    }

    /** A scan of the group in steps; the next begins half an idle time after the last one ended. */
    private Future<List<Delivery>> claimed(int max) {
        Request request = cmd(Command.XAUTOCLAIM, keys.stream(), RedisKeys.GROUP, consumer)
                .arg(takesOver ? 0 : claimIdleMs)
                .arg(claimFrom)
                .arg("COUNT")
                .arg(entries(max));
        return commands.send(request, commands.commandDeadline()).compose(reply -> {
            claimFrom = reply.get(0).toString();
            if (claimFrom.equals(FROM_START)) {
                takesOver = false;
                claimAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(claimIdleMs / 2);
            }
            return redelivered(list(reply.get(1)), max)
                    .compose(known -> known.isEmpty() ? read(max) : Future.succeededFuture(known));
        });
    }

    private static List<Response> list(@Nullable Response replies) {
        List<Response> list = new ArrayList<>();
        if (replies != null) {
            for (Response reply : replies) {
                if (reply != null) {
                    list.add(reply);
                }
            }
        }
        return list;
    }

    /** How often each was delivered is asked for; these are few. */
    private Future<List<Delivery>> redelivered(List<Response> replies, int max) {
        if (replies.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<Request> counts = replies.stream()
                .map(reply -> reply.get(0).toString())
                .map(id -> cmd(Command.XPENDING, keys.stream(), RedisKeys.GROUP, id, id, "1"))
                .toList();
        return commands.batch(counts, commands.commandDeadline()).compose(pending -> deliveries(replies, pending, max));
    }

    private Future<List<Delivery>> deliveries(List<Response> replies, List<Response> pending, int max) {
        int orders = 0;
        for (int i = 0; i < replies.size(); i++) {
            StreamEntry entry = StreamEntry.of(replies.get(i));
            if (entry == null) {
                newer("an entry of the overflow has a format that this release cannot read");
            } else {
                parts.add(new Part(entry, pending.isEmpty() ? 1 : count(pending.get(i))));
                orders += entry.orderIds().size();
            }
        }
        ordersPerEntry = replies.isEmpty() ? ordersPerEntry : Math.max(1, orders / (double) replies.size());
        return take(max);
    }

    private static long count(Response pending) {
        return pending.size() == 0 ? 1 : number(pending.get(0).get(3));
    }

    /** Entries that hold about so many orders. */
    private int entries(int orders) {
        return (int) Math.max(1, orders / ordersPerEntry);
    }

    /** Whole entries, at least one where there is one. */
    private Future<List<Delivery>> take(int ordersMax) {
        List<Part> taken = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        while (!parts.isEmpty() && (taken.isEmpty() || ids.size() + weight(parts.peek()) <= ordersMax)) {
            Part part = parts.remove();
            taken.add(part);
            ids.addAll(part.entry.orderIds());
        }
        if (ids.isEmpty()) {
            return Future.succeededFuture(deliver(taken, Map.of()));
        }
        return commands.send(Partitions.fields(keys.orders(), ids), commands.commandDeadline())
                .map(forms -> deliver(taken, byId(ids, forms)));
    }

    /** An entry that holds nothing is a delivery too. */
    private static int weight(Part part) {
        return Math.max(1, part.entry.orderIds().size());
    }

    private static Map<UUID, Response> byId(List<UUID> ids, Response forms) {
        Map<UUID, Response> byId = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            if (forms.get(i) != null) {
                byId.put(ids.get(i), forms.get(i));
            }
        }
        return byId;
    }

    private List<Delivery> deliver(List<Part> taken, Map<UUID, Response> forms) {
        List<Delivery> deliveries = new ArrayList<>();
        for (Part part : taken) {
            deliver(part, forms, deliveries);
        }
        return deliveries;
    }

    /** Takes from the forms what it delivers. */
    private void deliver(Part part, Map<UUID, Response> forms, List<Delivery> deliveries) {
        Set<UUID> present = new HashSet<>();
        for (UUID id : part.entry.orderIds()) {
            Response form = forms.remove(id);
            if (form != null) {
                present.add(id);
                add(deliveries, part, id, form);
            }
        }
        open.delivered(keys.partition(), part.entry.entryId(), present);
        if (present.isEmpty()) {
            deliveries.add(delivery(part, null, null));
        }
    }

    private void add(List<Delivery> deliveries, Part part, UUID id, Response form) {
        try {
            deliveries.add(delivery(part, id, stored.order(form.toBytes())));
        } catch (StoreFailure unreadable) {
            newer(unreadable.reason());
        }
    }

    private Delivery delivery(Part part, @Nullable UUID id, @Nullable Order order) {
        return new Delivery(keys.partition(), part.entry.entryId(), id, order, part.deliveries);
    }

    private void newer(String reason) {
        if (!newerSeen) {
            newerSeen = true;
            LOG.error("{}; it stays queued for a newer node", reason);
        }
    }
}
