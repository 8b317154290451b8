package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters.DeadLetter;
import dev.sluice.store.DrainQueue;
import dev.sluice.store.DrainQueue.Delivery;
import dev.sluice.store.DrainQueue.Settlement;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.redis.RedisCommands.Decision;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes settled entries out of the queue: acknowledged, deleted and, where they are to be, made dead letters, in one
 * transaction a partition; an entry with the last of its orders. What is stored goes first: it needs no memory, and
 * makes room for dead letters.
 *
 * <p>A server out of memory refuses every transaction. There, what is stored leaves by single commands, the order first:
 * wherever that breaks off, what remains is an entry that holds nothing.
 *
 * <p>Only the order that was delivered is taken. A late or repeated settlement may find another under its id, queued
 * since; every settlement touches {@link RedisKeys#settles}, which the others watch, so that none acts on a stale look.
 * One whose drain has lost its lease takes nothing.
 */
final class Settling {

    /** A time to live that never comes: setting it is a change that even a full server takes. */
    private static final long FAR_FUTURE_MS = 32_503_680_000_000L;

    private final RedisCommands commands;
    private final StoredForms forms;
    private final Partitions partitions;
    private final OpenEntries open;
    private final long deadLettersMax;

    /** By partition; empty where the drain asks for none. */
    private final List<DrainLease> leases;

    Settling(
            RedisCommands commands,
            StoredForms forms,
            Partitions partitions,
            OpenEntries open,
            List<DrainLease> leases,
            long deadLettersMax) {
        this.commands = commands;
        this.forms = forms;
        this.partitions = partitions;
        this.leases = leases;
        this.open = open;
        this.deadLettersMax = deadLettersMax;
    }

    Future<Void> settle(List<Settlement> settlements) {
        Map<Boolean, List<Settlement>> byDeath =
                settlements.stream().collect(Collectors.partitioningBy(Settling::isDead));
        return each(byDeath.getOrDefault(false, List.of()), this::done)
                .compose(done -> each(byDeath.getOrDefault(true, List.of()), this::dead));
    }

    private static boolean isDead(Settlement settlement) {
        return settlement.deadBecause() != null && settlement.delivery().order() != null;
    }

    private interface Step {
        Future<Void> take(RedisKeys keys, List<Settlement> settlements);
    }

    private Future<Void> each(List<Settlement> settlements, Step step) {
        Map<Integer, List<Settlement>> byPartition = settlements.stream()
                .collect(Collectors.groupingBy(one -> one.delivery().partition()));
        List<Future<Void>> steps = byPartition.entrySet().stream()
                .map(share -> step.take(partitions.all().get(share.getKey()), share.getValue())
                        .onSuccess(taken -> open.settled(share.getValue())))
                .toList();
        return Future.join(steps).mapEmpty();
    }

    private Future<Void> done(RedisKeys keys, List<Settlement> settlements) {
        List<Request> look = List.of(queued(keys, settlements), owner(keys));
        return commands.change(
                        List.of(keys.settles(), keys.lease()),
                        look,
                        replies -> new Decision<>(stored(keys, settlements, replies), keys))
                .<Void>mapEmpty()
                .recover(error ->
                        RedisErrors.isFull(error) ? doneWhenFull(keys, settlements, look) : Future.failedFuture(error));
    }

    private Future<Void> doneWhenFull(RedisKeys keys, List<Settlement> settlements, List<Request> look) {
        return commands.batch(look, commands.commandDeadline())
                .compose(replies -> commands.batch(stored(keys, settlements, replies), commands.commandDeadline()))
                .mapEmpty();
    }

    /** What takes out those that are stored, after a look at the orders and at the lease. */
    private List<Request> stored(RedisKeys keys, List<Settlement> settlements, List<Response> replies) {
        requireLease(keys, replies.get(1));
        List<Order> orders = present(settlements, replies.get(0)).stream()
                .map(Settling::order)
                .toList();
        return leave(keys, settlements, orders);
    }

    private static Request owner(RedisKeys keys) {
        return cmd(Command.GET, keys.lease());
    }

    private void requireLease(RedisKeys keys, @Nullable Response owner) {
        if (!leases.isEmpty()) {
            leases.get(keys.partition()).require(owner);
        }
    }

    private Future<Void> dead(RedisKeys keys, List<Settlement> settlements) {
        List<Request> look = new ArrayList<>(partitions.lengths(RedisKeys::dead));
        int lengths = look.size();
        look.add(queued(keys, settlements));
        look.add(owner(keys));
        return commands.change(List.of(keys.settles(), keys.dead(), keys.lease()), look, replies -> {
                    requireLease(keys, replies.get(lengths + 1));
                    List<Settlement> present = present(settlements, replies.get(lengths));
                    long dead = Partitions.sum(replies.subList(0, lengths));
                    if (!present.isEmpty() && dead + present.size() > deadLettersMax) {
                        throw StoreFailure.notStored(DrainQueue.DEAD_LETTERS_FULL);
                    }
                    List<Request> changes = leave(
                            keys,
                            settlements,
                            present.stream().map(Settling::order).toList());
                    present.forEach(one -> markDead(keys, one, changes));
                    return new Decision<>(changes, keys);
                })
                .mapEmpty();
    }

    private static Request queued(RedisKeys keys, List<Settlement> settlements) {
        List<String> ids = settlements.stream()
                .map(one -> String.valueOf(one.delivery().id()))
                .toList();
        return Partitions.fields(keys.orders(), ids);
    }

    /** Those whose very order is still queued. */
    private List<Settlement> present(List<Settlement> settlements, Response forms) {
        List<Settlement> present = new ArrayList<>();
        for (int i = 0; i < settlements.size(); i++) {
            if (isSame(forms.get(i), settlements.get(i).delivery())) {
                present.add(settlements.get(i));
            }
        }
        return present;
    }

    /** A form that a newer release wrote is another one. */
    private boolean isSame(@Nullable Response form, Delivery delivery) {
        Order order = delivery.order();
        return form != null && order != null && forms.isOf(form.toBytes(), order);
    }

    private static Order order(Settlement settlement) {
        return Objects.requireNonNull(settlement.delivery().order());
    }

    private List<Request> leave(RedisKeys keys, List<Settlement> settlements, List<Order> orders) {
        List<Request> changes = new ArrayList<>();
        changes.add(cmd(Command.PEXPIREAT, keys.settles(), Long.toString(FAR_FUTURE_MS)));
        if (!orders.isEmpty()) {
            Request remove = cmd(Command.HDEL, keys.orders());
            orders.forEach(order -> remove.arg(order.id().toString()));
            changes.add(remove);
        }
        List<String> ended = open.endedBy(settlements);
        if (!ended.isEmpty()) {
            Request acknowledge = cmd(Command.XACK, keys.stream(), RedisKeys.GROUP);
            Request delete = cmd(Command.XDEL, keys.stream());
            ended.forEach(acknowledge::arg);
            ended.forEach(delete::arg);
            changes.add(acknowledge);
            changes.add(delete);
        }
        return changes;
    }

    /** An order that died before, and whose tombstone is there, dies again. */
    private void markDead(RedisKeys keys, Settlement settlement, List<Request> changes) {
        Order order = order(settlement);
        UUID letter = StoredForms.deadLetterId(order);
        String reason = Objects.requireNonNull(settlement.deadBecause());
        byte[] form = forms.of(new DeadLetter(letter, order, reason, System.currentTimeMillis() * 1_000, false));
        changes.add(cmd(Command.HSET, keys.dead(), letter.toString()).arg(form));
        changes.add(cmd(Command.HDEL, keys.tombstones(), letter.toString()));
        changes.add(cmd(Command.ZADD, keys.deadByOrder(), "0", RedisKeys.deadByOrderMember(order.id(), letter)));
    }
}
