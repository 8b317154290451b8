package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;
import static dev.sluice.store.redis.RedisCommands.number;

import dev.sluice.log.Sampled;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Deadline;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.redis.Partitions.Share;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One offer: looks which orders are queued already, adds the others, and looks again for those that another offer
 * added in between. Their second stream entry is harmless: its delivery finds no order and is settled as done.
 */
final class EnqueueCall {

    /** An order that is added, and gone again, by others between look and add; more than twice is no coincidence. */
    private static final int ATTEMPTS_MAX = 3;

    private static final Outcome FULL = new Outcome.NotStored("the overflow is full");
    private static final Outcome LATE = new Outcome.NotStored("no time was left to queue it");
    private static final Outcome RACED = new Outcome.NotStored("others queue the same order all the time");

    private final RedisCommands commands;
    private final StoredForms forms;
    private final Partitions partitions;
    private final QueueDepth depth;
    private final List<LossWatch> losses;
    private final long entriesMax;
    private final Deadline deadline;
    private final Sampled failures;
    private final Map<UUID, Outcome> outcomes = new HashMap<>();

    EnqueueCall(
            RedisCommands commands,
            StoredForms forms,
            Partitions partitions,
            QueueDepth depth,
            List<LossWatch> losses,
            long entriesMax,
            Deadline deadline,
            Sampled failures) {
        this.commands = commands;
        this.forms = forms;
        this.partitions = partitions;
        this.depth = depth;
        this.losses = losses;
        this.entriesMax = entriesMax;
        this.deadline = deadline;
        this.failures = failures;
    }

    /** Never fails. */
    Future<List<Outcome>> of(List<Order> orders) {
        return attempt(orders, ATTEMPTS_MAX)
                .map(done -> orders.stream()
                        .map(order -> outcomes.getOrDefault(order.id(), RACED))
                        .toList());
    }

    private Future<Void> attempt(List<Order> orders, int left) {
        if (orders.isEmpty() || left == 0) {
            return Future.succeededFuture();
        }
        return look(orders).compose(this::add).compose(raced -> attempt(raced, left - 1));
    }

    /** Orders that are not queued; none, with their outcomes told, where the look fails: nothing was sent yet. */
    private Future<List<Order>> look(List<Order> orders) {
        List<Share<Order>> shares = partitions.shares(orders, Order::id);
        List<Request> requests = new ArrayList<>(partitions.lengths(RedisKeys::orders));
        int lengths = requests.size();
        for (Share<Order> share : shares) {
            requests.add(Partitions.fields(share.keys().orders(), ids(share.elements())));
        }
        return commands.batch(requests, deadline)
                .map(replies -> {
                    depth.saw(Partitions.sum(replies.subList(0, lengths)));
                    return absent(shares, replies.subList(lengths, replies.size()));
                })
                .otherwise(error ->
                        tell(orders, new Outcome.NotStored(failed(error).reason())));
    }

    private static List<UUID> ids(List<Order> orders) {
        return orders.stream().map(Order::id).toList();
    }

    private List<Order> absent(List<Share<Order>> shares, List<Response> replies) {
        List<Order> absent = new ArrayList<>();
        for (int s = 0; s < shares.size(); s++) {
            List<Order> orders = shares.get(s).elements();
            for (int i = 0; i < orders.size(); i++) {
                Response entry = replies.get(s).get(i);
                if (entry == null) {
                    absent.add(orders.get(i));
                } else {
                    outcomes.put(orders.get(i).id(), against(entry, orders.get(i)));
                }
            }
        }
        return absent;
    }

    private Outcome against(Response form, Order order) {
        try {
            Order entry = forms.order(form.toBytes());
            boolean same = entry.fingerprint().equals(order.fingerprint());
            return same ? new Outcome.Queued(entry, true) : new Outcome.Conflict();
        } catch (StoreFailure unreadable) {
            return new Outcome.NotStored(unreadable.reason());
        }
    }

    /** Those that another offer added meanwhile. */
    private Future<List<Order>> add(List<Order> absent) {
        if (deadline.remainingMs(System.nanoTime()) <= 0) {
            return Future.succeededFuture(tell(absent, LATE));
        }
        int room = (int) Math.min(absent.size(), depth.room(entriesMax));
        tell(absent.subList(room, absent.size()), FULL);
        List<Future<List<Order>>> adding = new ArrayList<>();
        for (Share<Order> share : partitions.shares(absent.subList(0, room), Order::id)) {
            adding.add(add(share));
        }
        return Future.all(adding).map(done -> {
            List<Order> raced = new ArrayList<>();
            adding.forEach(one -> raced.addAll(one.result()));
            return raced;
        });
    }

    private Future<List<Order>> add(Share<Order> share) {
        List<Order> orders = share.elements();
        List<Request> changes = new ArrayList<>(entries(share));
        for (Order order : orders) {
            changes.add(cmd(Command.HSETNX, share.keys().orders(), order.id().toString())
                    .arg(forms.of(order)));
        }
        depth.adding(orders.size());
        return commands.syncedTransaction(changes, deadline)
                .map(replies -> added(share.keys(), orders, replies))
                .otherwise(error -> notAdded(orders, error));
    }

    private static List<Request> entries(Share<Order> share) {
        long now = System.currentTimeMillis();
        List<UUID> ids = ids(share.elements());
        List<Request> entries = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += StreamEntry.ORDERS_MAX) {
            List<UUID> together = ids.subList(from, Math.min(ids.size(), from + StreamEntry.ORDERS_MAX));
            entries.add(StreamEntry.add(share.keys(), together, now));
        }
        return entries;
    }

    private List<Order> added(RedisKeys keys, List<Order> orders, List<Response> replies) {
        int entries = replies.size() - orders.size();
        List<Order> raced = new ArrayList<>();
        for (int i = 0; i < orders.size(); i++) {
            Order order = orders.get(i);
            if (number(replies.get(entries + i)) == 1) {
                outcomes.put(order.id(), new Outcome.Queued(order, false));
            } else {
                raced.add(order);
            }
        }
        depth.added(orders.size(), orders.size() - raced.size());
        String lastEntryId = replies.get(entries - 1).toString();
        losses.get(keys.partition()).added(lastEntryId, entries, orders.size() - raced.size());
        return raced;
    }

    private List<Order> notAdded(List<Order> orders, Throwable error) {
        StoreFailure failure = failed(error);
        boolean surely = failure.kind() == StoreFailure.Kind.NOT_STORED;
        depth.added(orders.size(), surely ? 0 : orders.size());
        return tell(orders, surely ? new Outcome.NotStored(failure.reason()) : new Outcome.Unknown(failure.reason()));
    }

    private List<Order> tell(List<Order> orders, Outcome outcome) {
        orders.forEach(order -> outcomes.put(order.id(), outcome));
        return Collections.emptyList();
    }

    /** Clients hear its reason, the log Redis' words. */
    private StoreFailure failed(Throwable error) {
        failures.happened(String.valueOf(error.getMessage()));
        return StoreFailure.of(error);
    }
}
