package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;
import static dev.sluice.store.redis.RedisCommands.number;

import dev.sluice.config.SluiceConfig;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.OverflowState;
import dev.sluice.store.StoreListener;
import dev.sluice.wire.Forms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of the queue that orders leave by, for one consumer of the group. Holds one connection; lives on the event
 * loop that opened it. One {@link #read} at a time; partitions take turns.
 *
 * <p>With leases it reads the partitions that it has the lease of, and takes over what other consumers hold there. A lease
 * is renewed once a second while it is wanted, and given back when it is not.
 *
 * <p>A delivery that is neither settled nor lost with the connection comes again after the claim's idle time, to
 * whichever consumer asks first.
 */
public final class RedisDrainQueue implements DrainQueue {

    private static final Logger LOG = LoggerFactory.getLogger(RedisDrainQueue.class);

    /** Replies of one partition in a look. */
    private static final int LOOKS = 4;

    private static final long CLAIM_IDLE_MS_MIN = 5_000;

    private final Vertx vertx;
    private final RedisCommands commands;
    private final Partitions partitions;
    private final List<PartitionReader> readers;
    private final List<LossWatch> losses;
    private final OpenEntries open = new OpenEntries();
    private final Settling settling;
    private final List<DrainLease> leases;
    private final BooleanSupplier wanted;
    private long timer = -1;
    private int turn;
    private boolean lossSeen;

    private RedisDrainQueue(
            Vertx vertx,
            SluiceConfig config,
            StoreListener listener,
            String consumer,
            long claimIdleMs,
            @Nullable BooleanSupplier wanted,
            Forms forms) {
        StoredForms stored = new StoredForms(forms);
        this.vertx = vertx;
        this.wanted = wanted == null ? () -> true : wanted;
        partitions = new Partitions(config.overflow().partitions());
        commands = new RedisCommands(vertx, config, listener, this::connected);
        readers = partitions.all().stream()
                .map(keys -> new PartitionReader(commands, stored, keys, consumer, claimIdleMs, open))
                .toList();
        losses = partitions.all().stream()
                .map(keys -> new LossWatch(keys, listener))
                .toList();
        leases = wanted == null
                ? List.of()
                : partitions.all().stream()
                        .map(keys -> new DrainLease(commands, keys, consumer))
                        .toList();
        settling = new Settling(
                commands, stored, partitions, open, leases, config.overflow().deadLettersMax());
    }

    /**
     * Connects in the background; {@link #isUp()} tells when the connection stands. Reads all partitions, beside whatever
     * other consumers read them.
     *
     * @param consumer name within the group, of this node alone
     * @param claimIdleMs after which a delivery that was not settled goes to another consumer; above the deadline of
     *     a batch, its settlement included
     * @param forms that it reads and writes
     */
    public static RedisDrainQueue open(
            Vertx vertx, SluiceConfig config, StoreListener listener, String consumer, long claimIdleMs, Forms forms) {
        RedisDrainQueue queue = new RedisDrainQueue(vertx, config, listener, consumer, claimIdleMs, null, forms);
        queue.commands.open();
        return queue;
    }

    /**
     * The same for a drain that shares the partitions out with others by leases.
     *
     * @param node whose drain it is, for this run: consumer and token
     * @param wanted whether this node is to drain; asked once a second
     * @param forms that it reads and writes
     */
    public static RedisDrainQueue openLeased(
            Vertx vertx,
            SluiceConfig config,
            StoreListener listener,
            String node,
            BooleanSupplier wanted,
            Forms forms) {
        RedisDrainQueue queue = new RedisDrainQueue(vertx, config, listener, node, claimIdleMs(config), wanted, forms);
        queue.commands.open();
        queue.timer = vertx.setPeriodic(DrainLease.RENEW_MS, id -> queue.tendLeases());
        return queue;
    }

    /** Above what a batch and its settlement take. */
    private static long claimIdleMs(SluiceConfig config) {
        return Math.max(
                CLAIM_IDLE_MS_MIN,
                2L * (config.writer().deadlineMs() + config.overflow().deadlineMs()));
    }

    private void tendLeases() {
        if (!isUp()) {
            return;
        }
        for (int p = 0; p < leases.size(); p++) {
            if (wanted.getAsBoolean()) {
                tend(leases.get(p), readers.get(p), p);
            } else if (leases.get(p).isHeld()) {
                readers.get(p).restart();
                open.clear(p);
                leases.get(p).release().onFailure(RedisDrainQueue::leaseUnclear);
            }
        }
    }

    private void tend(DrainLease lease, PartitionReader reader, int partition) {
        lease.tend()
                .onSuccess(standing -> {
                    if (standing == DrainLease.Standing.TAKEN) {
                        reader.takeOver();
                    } else if (standing == DrainLease.Standing.LOST) {
                        reader.restart();
                        open.clear(partition);
                    }
                })
                .onFailure(RedisDrainQueue::leaseUnclear);
    }

    private static void leaseUnclear(Throwable error) {
        LOG.debug("a lease of the drain is unclear: {}", error.getMessage());
    }

    @Override
    public boolean isDrainer() {
        return leases.isEmpty() || leases.stream().anyMatch(DrainLease::isHeld);
    }

    private void connected() {
        open.clear();
        readers.forEach(PartitionReader::restart);
        tendLeases();
        look().onFailure(error -> LOG.debug("the overflow's state cannot be told: {}", error.getMessage()));
    }

    @Override
    public boolean isUp() {
        return commands.isUp();
    }

    /** Whether entries that were known to be queued were found gone without a drain, ever since it was opened. */
    public boolean hasSeenLoss() {
        return lossSeen;
    }

    @Override
    public Future<List<Delivery>> read(int max) {
        int some = Math.min(max, Partitions.ORDERS_MAX);
        return round(some, PartitionReader::held)
                .compose(held -> held.isEmpty() ? round(some, PartitionReader::read) : Future.succeededFuture(held));
    }

    private interface Read {
        Future<List<Delivery>> from(PartitionReader reader, int max);
    }

    private Future<List<Delivery>> round(int max, Read read) {
        List<Delivery> deliveries = new ArrayList<>();
        return readOn(deliveries, max, read, readers.size()).map(deliveries);
    }

    private Future<Void> readOn(List<Delivery> deliveries, int max, Read read, int partitionsLeft) {
        if (partitionsLeft == 0 || deliveries.size() >= max) {
            return Future.succeededFuture();
        }
        int partition = turn;
        turn = (turn + 1) % readers.size();
        if (!leases.isEmpty() && !leases.get(partition).isHeld()) {
            return readOn(deliveries, max, read, partitionsLeft - 1);
        }
        return read.from(readers.get(partition), max - deliveries.size()).compose(more -> {
            deliveries.addAll(more);
            return readOn(deliveries, max, read, partitionsLeft - 1);
        });
    }

    @Override
    public Future<Void> settle(List<Settlement> settlements) {
        return settling.settle(settlements);
    }

    @Override
    public Future<OverflowState> look() {
        List<Request> requests = new ArrayList<>();
        for (RedisKeys keys : partitions.all()) {
            requests.add(cmd(Command.HLEN, keys.orders()));
            requests.add(cmd(Command.HLEN, keys.dead()));
            requests.add(cmd(Command.XRANGE, keys.stream(), "-", "+", "COUNT", "1"));
            requests.add(cmd(Command.XINFO, "STREAM", keys.stream()));
        }
        return commands.batch(requests, commands.commandDeadline()).map(this::state);
    }

    private OverflowState state(List<Response> replies) {
        long entries = 0;
        long deadLetters = 0;
        long oldestMs = Long.MAX_VALUE;
        for (int p = 0; p < losses.size(); p++) {
            List<Response> mine = replies.subList(LOOKS * p, LOOKS * (p + 1));
            long here = number(mine.get(0));
            entries += here;
            deadLetters += number(mine.get(1));
            oldestMs = Math.min(oldestMs, oldestMs(mine.get(2)));
            lossSeen |= losses.get(p).observe(mine.get(3), here);
        }
        return new OverflowState(entries, entries == 0 || oldestMs == Long.MAX_VALUE ? 0 : oldestMs, deadLetters);
    }

    private static long oldestMs(Response first) {
        StreamEntry entry = first.size() == 0 ? null : StreamEntry.of(first.get(0));
        return entry == null ? Long.MAX_VALUE : entry.queuedAtMs();
    }

    /** Gives its leases back first. */
    @Override
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        Future<Void> released = isUp()
                ? Future.join(leases.stream().map(DrainLease::release).toList()).mapEmpty()
                : Future.succeededFuture();
        return released.eventually(commands::close);
    }
}
