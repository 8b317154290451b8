package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;
import static dev.sluice.store.redis.RedisCommands.number;

import dev.sluice.batch.OrderRate;
import dev.sluice.config.SluiceConfig;
import dev.sluice.log.Sampled;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.store.Deadline;
import dev.sluice.store.OverflowQueue;
import dev.sluice.store.StoreListener;
import dev.sluice.store.redis.Partitions.Share;
import dev.sluice.wire.Forms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of the queue that orders go in by. Holds one connection; lives on the event loop that opened it.
 *
 * <p>Every second it looks how many entries there are and how many left, which also finds a server that is frozen. The
 * bound of entries is held against that look and what this instance is adding: several instances may together pass it by
 * what they have on its way at once.
 */
public final class RedisOverflow implements OverflowQueue {

    private static final Logger LOG = LoggerFactory.getLogger(RedisOverflow.class);

    private static final long LOOK_MS = 1_000;

    private final Vertx vertx;
    private final long entriesMax;
    private final Partitions partitions;
    private final RedisCommands commands;
    private final StoredForms stored;
    private final QueueDepth depth = new QueueDepth();
    private final OrderRate leaving = new OrderRate();
    private final List<LossWatch> losses;
    private final Sampled failures = new Sampled(LOG, "Redis did not queue orders", System::nanoTime);
    private final long lookTimer;

    /** Entries of all streams, as last seen; an entry holds some orders. */
    private long entries;

    private RedisOverflow(Vertx vertx, SluiceConfig config, StoreListener listener, Forms forms) {
        this.stored = new StoredForms(forms);
        this.vertx = vertx;
        this.entriesMax = config.overflow().entriesMax();
        this.partitions = new Partitions(config.overflow().partitions());
        this.losses = partitions.all().stream()
                .map(keys -> new LossWatch(keys, listener))
                .toList();
        this.commands = new RedisCommands(vertx, config, listener, this::look);
        this.lookTimer = vertx.setPeriodic(LOOK_MS, id -> look());
    }

    /** Connects in the background; {@link #isUp()} tells when the connection stands. */
    public static RedisOverflow open(Vertx vertx, SluiceConfig config, StoreListener listener, Forms forms) {
        RedisOverflow overflow = new RedisOverflow(vertx, config, listener, forms);
        overflow.commands.open();
        return overflow;
    }

    private void look() {
        if (!commands.isUp()) {
            return;
        }
        List<Request> requests = new ArrayList<>(partitions.lengths(RedisKeys::orders));
        partitions.all().forEach(keys -> requests.add(cmd(Command.XINFO, "STREAM", keys.stream())));
        commands.batch(requests, commands.commandDeadline())
                .onSuccess(replies ->
                        looked(replies.subList(0, losses.size()), replies.subList(losses.size(), replies.size())))
                .onFailure(error -> LOG.debug("the overflow's state cannot be told: {}", error.getMessage()));
    }

    private void looked(List<Response> lengths, List<Response> infos) {
        depth.saw(Partitions.sum(lengths));
        entries = infos.stream().mapToLong(RedisOverflow::length).sum();
        leaving.observe(left(infos), System.nanoTime());
        for (int p = 0; p < infos.size(); p++) {
            losses.get(p).observe(infos.get(p), number(lengths.get(p)));
        }
    }

    private static long length(Response info) {
        return number(info.get("length"));
    }

    /** Entries that ever left; not counted before Redis 7. */
    private static long left(List<Response> infos) {
        return infos.stream()
                .filter(info -> info.containsKey("entries-added"))
                .mapToLong(info -> number(info.get("entries-added")) - length(info))
                .sum();
    }

    @Override
    public boolean isUp() {
        return commands.isUp();
    }

    @Override
    public long depth() {
        return depth.known();
    }

    @Override
    public OptionalDouble secondsToEmpty() {
        double perSecond = leaving.perSecond();
        return perSecond > 0 ? OptionalDouble.of(entries / perSecond) : OptionalDouble.empty();
    }

    @Override
    public Future<List<Outcome>> offer(List<Order> orders, Deadline deadline) {
        return new EnqueueCall(commands, stored, partitions, depth, losses, entriesMax, deadline, failures).of(orders);
    }

    @Override
    public Future<Map<UUID, Order>> find(Collection<UUID> ids, Deadline deadline) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Collections.emptyMap());
        }
        List<Share<UUID>> shares = partitions.shares(ids, Function.identity());
        List<Request> requests = shares.stream()
                .map(share -> Partitions.fields(share.keys().orders(), share.elements()))
                .toList();
        return commands.batch(requests, deadline).map(this::orders);
    }

    private Map<UUID, Order> orders(List<Response> replies) {
        Map<UUID, Order> orders = new HashMap<>();
        for (Response reply : replies) {
            for (Response form : reply) {
                if (form != null) {
                    Order order = stored.order(form.toBytes());
                    orders.put(order.id(), order);
                }
            }
        }
        return orders;
    }

    @Override
    public Future<Void> close() {
        vertx.cancelTimer(lookTimer);
        return commands.close();
    }
}
