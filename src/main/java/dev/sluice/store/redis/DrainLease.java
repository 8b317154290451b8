package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import dev.sluice.store.StoreFailure;
import dev.sluice.store.redis.RedisCommands.Decision;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to drain one partition: a key in Redis that holds the token of its owner and expires when it is not renewed
 * for {@value #LEASE_MS} ms. A settlement compares it within its transaction, so that an owner that was frozen or cut off
 * settles nothing once another one has taken over. One event loop.
 *
 * <p>A server out of memory takes no new key. There a lease without an owner is granted without a key, until the server
 * takes one: two nodes may drain meanwhile, which costs work but no order.
 */
final class DrainLease {

    /** A frozen or dead owner keeps a partition so long. */
    static final long LEASE_MS = 5_000;

    static final long RENEW_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(DrainLease.class);

    /** How the key was found, and is now. */
    enum Standing {
        /** Another node's. */
        LOST,
        /** This node's since now. */
        TAKEN,
        /** This node's as before. */
        KEPT
    }

    private final RedisCommands commands;
    private final RedisKeys keys;
    private final String token;

    /** The key is this node's until then, as far as this node knows. */
    private long untilNanos = System.nanoTime();

    private boolean withoutKey;

    /** @param token of this node's run, unlike any other's */
    DrainLease(RedisCommands commands, RedisKeys keys, String token) {
        this.commands = commands;
        this.keys = keys;
        this.token = token;
    }

    boolean isHeld() {
        return System.nanoTime() - untilNanos < 0;
    }

    /** Takes it, or renews it; fails where Redis does not answer. */
    Future<Standing> tend() {
        long began = System.nanoTime();
        boolean before = isHeld();
        return commands.change(List.of(keys.lease()), List.of(look()), this::decide)
                .recover(error -> RedisErrors.isFull(error) ? whenFull(before) : Future.failedFuture(error))
                .onSuccess(standing -> {
                    untilNanos = standing == Standing.LOST ? began : began + TimeUnit.MILLISECONDS.toNanos(LEASE_MS);
                    if (before && standing == Standing.LOST) {
                        LOG.warn("drain: another node has the lease of partition {} now", keys.partition());
                    }
                });
    }

    private Future<Standing> whenFull(boolean before) {
        return commands.send(look(), commands.commandDeadline()).compose(owner -> {
            if (owner == null) {
                Standing standing = withoutKey && before ? Standing.KEPT : Standing.TAKEN;
                withoutKey = true;
                return Future.succeededFuture(standing);
            }
            return isMine(owner)
                    ? commands.send(renewal(), commands.commandDeadline()).map(Standing.KEPT)
                    : Future.succeededFuture(Standing.LOST);
        });
    }

    private Request renewal() {
        return cmd(Command.PEXPIRE, keys.lease(), Long.toString(LEASE_MS));
    }

    private Decision<Standing> decide(List<Response> replies) {
        Response owner = replies.get(0);
        if (owner == null) {
            Request take = cmd(Command.SET, keys.lease(), token, "PX", Long.toString(LEASE_MS));
            return new Decision<>(List.of(take), Standing.TAKEN);
        }
        withoutKey = false;
        if (!owner.toString().equals(token)) {
            return new Decision<>(List.of(), Standing.LOST);
        }
        return new Decision<>(List.of(renewal()), Standing.KEPT);
    }

    /** Gives it back, so that another node need not wait. */
    Future<Void> release() {
        if (!isHeld()) {
            return Future.succeededFuture();
        }
        untilNanos = System.nanoTime();
        return commands.change(List.of(keys.lease()), List.of(look()), replies -> {
                    boolean mine = isMine(replies.get(0));
                    return new Decision<>(mine ? List.of(cmd(Command.DEL, keys.lease())) : List.of(), keys);
                })
                .mapEmpty();
    }

    private boolean isMine(@Nullable Response owner) {
        return owner != null && owner.toString().equals(token);
    }

    /** Asks who has it: part of a look, whose transaction watches the key. */
    Request look() {
        return cmd(Command.GET, keys.lease());
    }

    /** Throws unless it is this node's; what is not settled then is read again by its owner. */
    void require(@Nullable Response owner) {
        if (!isMine(owner) && !(owner == null && withoutKey)) {
            untilNanos = System.nanoTime();
            throw StoreFailure.unknown("another node drains partition " + keys.partition() + " now");
        }
    }
}
