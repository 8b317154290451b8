package dev.sluice.store.redis;

import dev.sluice.order.Order;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's way through one stream: after every connect what it was given before and did not settle, from time to
 * time what a consumer that is gone left behind, else new entries. One read at a time.
 *
 * <p>An order is in one read once; its other entries, left by offers that raced, hold nothing.
 *
 * <p>Entries and orders of a newer format stay where they are, for a reader that knows them.
 */
final class PartitionReader {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

    private static final String FROM_START = "0-0";

    private final RedisLane lane;
    private final Keys keys;
    private final String consumer;
    private final long claimIdleMs;

    /** Where the consumer's own pending entries are read on from; null once there are no more. */
    private @Nullable String pendingAfter = FROM_START;

    private String claimFrom = FROM_START;
    private long claimAtNanos;
    private boolean newerSeen;

    PartitionReader(RedisLane lane, Keys keys, String consumer, long claimIdleMs) {
        this.lane = lane;
        this.keys = keys;
        this.consumer = consumer;
        this.claimIdleMs = claimIdleMs;
        this.claimAtNanos = System.nanoTime();
    }

    /** The connection is a new one: what was delivered on the old may never have arrived. */
    void restart() {
        pendingAfter = FROM_START;
        claimFrom = FROM_START;
        claimAtNanos = System.nanoTime();
    }

    /** What it was given before and did not settle; empty once there is no more of it. */
    Future<List<Delivery>> held(int max) {
        String after = pendingAfter;
        if (after == null) {
            return Future.succeededFuture(List.of());
        }
        return readGroup(after, max).compose(replies -> {
            pendingAfter = replies.isEmpty()
                    ? null
                    : replies.get(replies.size() - 1).get(0).toString();
            return redelivered(replies).compose(known -> known.isEmpty() ? held(max) : Future.succeededFuture(known));
        });
    }

    /** What others left behind, else new entries. */
    Future<List<Delivery>> read(int max) {
        return System.nanoTime() - claimAtNanos >= 0 ? claimed(max) : fresh(max);
    }

    private Future<List<Delivery>> fresh(int max) {
        return readGroup(">", max).compose(replies -> deliveries(replies, List.of()));
    }

    private Future<List<Response>> readGroup(String after, int max) {
        Request request = Requests.cmd(Command.XREADGROUP, "GROUP", Keys.GROUP, consumer)
                .arg("COUNT")
                .arg(max)
                .arg("STREAMS")
                .arg(keys.stream())
                .arg(after);
        return lane.send(request, lane.commandDeadline())
                .map(reply -> reply == null ? List.of() : list(reply.get(keys.stream())));
    }

    /** A scan of the group in steps; the next begins half an idle time after the last one ended. */
    private Future<List<Delivery>> claimed(int max) {
        Request request = Requests.cmd(Command.XAUTOCLAIM, keys.stream(), Keys.GROUP, consumer)
                .arg(claimIdleMs)
                .arg(claimFrom)
                .arg("COUNT")
                .arg(max);
        return lane.send(request, lane.commandDeadline()).compose(reply -> {
            claimFrom = reply.get(0).toString();
            if (claimFrom.equals(FROM_START)) {
                claimAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(claimIdleMs / 2);
            }
            return redelivered(list(reply.get(1)))
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
    private Future<List<Delivery>> redelivered(List<Response> replies) {
        if (replies.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<Request> counts = replies.stream()
                .map(reply -> reply.get(0).toString())
                .map(id -> Requests.cmd(Command.XPENDING, keys.stream(), Keys.GROUP, id, id, "1"))
                .toList();
        return lane.batch(counts, lane.commandDeadline()).compose(pending -> deliveries(replies, pending));
    }

    private Future<List<Delivery>> deliveries(List<Response> replies, List<Response> pending) {
        if (replies.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<Entry> entries = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            Entry entry = Entry.of(replies.get(i));
            if (entry == null) {
                newer("an entry of the overflow has a format that this release cannot read");
            } else {
                entries.add(entry);
                counts.add(pending.isEmpty() ? 1 : count(pending.get(i)));
            }
        }
        return withOrders(entries, counts);
    }

    private static long count(Response pending) {
        return pending.size() == 0 ? 1 : Requests.number(pending.get(0).get(3));
    }

    private Future<List<Delivery>> withOrders(List<Entry> entries, List<Long> counts) {
        if (entries.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<String> ids =
                entries.stream().map(entry -> String.valueOf(entry.orderId())).toList();
        return lane.send(Partitions.fields(keys.orders(), ids), lane.commandDeadline())
                .map(forms -> {
                    List<Delivery> deliveries = new ArrayList<>();
                    Set<String> seen = new HashSet<>();
                    for (int i = 0; i < entries.size(); i++) {
                        boolean first = seen.add(ids.get(i));
                        add(deliveries, entries.get(i), first ? forms.get(i) : null, counts.get(i));
                    }
                    return deliveries;
                });
    }

    private void add(List<Delivery> deliveries, Entry entry, @Nullable Response form, long count) {
        try {
            Order order = form == null ? null : OrderForm.read(form.toBytes());
            deliveries.add(new Delivery(keys.partition(), entry.entryId(), entry.orderId(), order, count));
        } catch (StoreFailure unreadable) {
            newer(unreadable.reason());
        }
    }

    private void newer(String reason) {
        if (!newerSeen) {
            newerSeen = true;
            LOG.error("{}; it stays queued for a newer node", reason);
        }
    }
}
