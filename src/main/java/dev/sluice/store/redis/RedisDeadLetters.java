package dev.sluice.store.redis;

import static dev.sluice.store.redis.RedisCommands.cmd;

import dev.sluice.config.SluiceConfig;
import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import dev.sluice.store.redis.Partitions.Share;
import dev.sluice.store.redis.RedisCommands.Decision;
import dev.sluice.wire.Forms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters and tombstones. Holds one connection; lives on the event loop that opened it.
 *
 * <p>A list reads the ids of all dead letters, at most as many as are allowed, and sorts them by their text; it is made
 * for an operator.
 */
public final class RedisDeadLetters implements DeadLetters {

    private final SluiceConfig config;
    private final Partitions partitions;
    private final RedisCommands commands;
    private final StoredForms stored;

    private RedisDeadLetters(Vertx vertx, SluiceConfig config, StoreListener listener, Forms forms) {
        this.stored = new StoredForms(forms);
        this.config = config;
        partitions = new Partitions(config.overflow().partitions());
        commands = new RedisCommands(vertx, config, listener, () -> {});
    }

    /** Connects in the background; until then calls fail with NOT_STORED. */
    public static RedisDeadLetters open(Vertx vertx, SluiceConfig config, StoreListener listener, Forms forms) {
        RedisDeadLetters letters = new RedisDeadLetters(vertx, config, listener, forms);
        letters.commands.open();
        return letters;
    }

    @Override
    public Future<Page> list(@Nullable UUID after, int max, int bytesMax) {
        List<Request> ids = partitions.all().stream()
                .map(keys -> cmd(Command.HKEYS, keys.dead()))
                .toList();
        return commands.batch(ids, commands.commandDeadline())
                .map(replies -> ids(replies, after == null ? "" : after.toString(), max + 1))
                .compose(found -> filled(new LetterPage(found, max, bytesMax)));
    }

    private Future<Page> filled(LetterPage page) {
        List<String> next = page.nextIds();
        return next.isEmpty()
                ? Future.succeededFuture(page.page())
                : letters(next).compose(read -> {
                    page.add(read);
                    return filled(page);
                });
    }

    private static List<String> ids(List<Response> replies, String after, int max) {
        return replies.stream()
                .flatMap(Response::stream)
                .map(Response::toString)
                .filter(id -> id.compareTo(after) > 0)
                .sorted()
                .limit(max)
                .toList();
    }

    /** In which partition a dead letter is does not show in its id. */
    private Future<List<DeadLetter>> letters(List<String> ids) {
        List<Request> requests = partitions.all().stream()
                .map(keys -> Partitions.fields(keys.dead(), ids))
                .toList();
        return commands.batch(requests, commands.commandDeadline()).map(replies -> {
            List<DeadLetter> letters = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                for (Response reply : replies) {
                    addLetter(letters, reply.get(i), false);
                }
            }
            return letters;
        });
    }

    private boolean addLetter(List<DeadLetter> letters, @Nullable Response form, boolean discarded) {
        return form != null && letters.add(stored.deadLetter(form.toBytes(), discarded));
    }

    @Override
    public Future<Optional<DeadLetter>> get(UUID id) {
        List<Request> requests = new ArrayList<>();
        partitions.all().forEach(keys -> requests.add(cmd(Command.HGET, keys.dead(), id.toString())));
        partitions.all().forEach(keys -> requests.add(cmd(Command.HGET, keys.tombstones(), id.toString())));
        return commands.batch(requests, commands.commandDeadline()).map(replies -> {
            List<DeadLetter> letters = new ArrayList<>();
            for (int i = 0; i < replies.size(); i++) {
                addLetter(letters, replies.get(i), i >= partitions.all().size());
            }
            return letters.stream().findFirst();
        });
    }

    @Override
    public Future<List<DeadLetter>> ofOrder(UUID orderId, Deadline deadline) {
        RedisKeys keys = partitions.of(orderId);
        // the semicolon is the character after the colon
        Request members = cmd(Command.ZRANGE, keys.deadByOrder(), "[" + orderId + ":", "(" + orderId + ";", "BYLEX");
        return commands.send(members, deadline)
                .map(reply -> reply.stream()
                        .map(member ->
                                member.toString().substring(orderId.toString().length() + 1))
                        .toList())
                .compose(ids -> ids.isEmpty() ? Future.succeededFuture(List.of()) : ofOrder(keys, ids, deadline));
    }

    private Future<List<DeadLetter>> ofOrder(RedisKeys keys, List<String> ids, Deadline deadline) {
        List<Request> both = List.of(Partitions.fields(keys.dead(), ids), Partitions.fields(keys.tombstones(), ids));
        return commands.batch(both, deadline).map(replies -> {
            List<DeadLetter> letters = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                if (!addLetter(letters, replies.get(0).get(i), false)) {
                    addLetter(letters, replies.get(1).get(i), true);
                }
            }
            return letters;
        });
    }

    @Override
    public Future<Optional<DeadLetter>> replay(UUID id) {
        return ifDead(id, letter -> {
            RedisKeys keys = partitions.of(letter.order().id());
            List<Request> look = new ArrayList<>(partitions.lengths(RedisKeys::orders));
            look.add(cmd(Command.HGET, keys.dead(), id.toString()));
            look.add(cmd(Command.HGET, keys.orders(), letter.order().id().toString()));
            return commands.change(List.of(keys.dead(), keys.orders()), look, replies -> {
                int at = partitions.all().size();
                long queued = Partitions.sum(replies.subList(0, at));
                return requeue(keys, replies.get(at), replies.get(at + 1), queued);
            });
        });
    }

    private Decision<Optional<DeadLetter>> requeue(
            RedisKeys keys, @Nullable Response dead, @Nullable Response entry, long queued) {
        return ifStill(dead, letter -> {
            List<Request> changes = remove(keys, letter);
            if (entry == null) {
                requireBelow(queued, config.overflow().entriesMax(), "the overflow is full");
                UUID orderId = letter.order().id();
                changes.add(StreamEntry.add(keys, List.of(orderId), System.currentTimeMillis()));
                changes.add(cmd(Command.HSET, keys.orders(), orderId.toString()).arg(stored.of(letter.order())));
            } else {
                requireSame(stored.order(entry.toBytes()), letter.order());
            }
            return changes;
        });
    }

    private static void requireSame(Order queued, Order dead) {
        if (!queued.fingerprint().equals(dead.fingerprint())) {
            throw new StoreFailure(StoreFailure.Kind.REFUSED, "another order is queued under the same key");
        }
    }

    private static void requireBelow(long count, long max, String otherwise) {
        if (count >= max) {
            throw StoreFailure.notStored(otherwise);
        }
    }

    @Override
    public Future<Optional<DeadLetter>> discard(UUID id) {
        return ifDead(id, letter -> {
                    RedisKeys keys = partitions.of(letter.order().id());
                    List<Request> look = new ArrayList<>(partitions.lengths(RedisKeys::tombstones));
                    look.add(cmd(Command.HGET, keys.dead(), id.toString()));
                    return commands.change(List.of(keys.dead()), look, replies -> {
                        int at = partitions.all().size();
                        long tombstones = Partitions.sum(replies.subList(0, at));
                        return ifStill(replies.get(at), found -> discard(keys, found, tombstones));
                    });
                })
                .map(discarded -> discarded.map(DeadLetter::tombstone));
    }

    /** The index keeps it: a look-up by order shall find the tombstone. */
    private List<Request> discard(RedisKeys keys, DeadLetter letter, long tombstones) {
        requireBelow(tombstones, config.overflow().deadLettersMax(), "tombstones are full");
        String id = letter.id().toString();
        return List.of(
                cmd(Command.HDEL, keys.dead(), id),
                cmd(Command.HSET, keys.tombstones(), id).arg(stored.of(letter)));
    }

    private Future<Optional<DeadLetter>> ifDead(UUID id, Function<DeadLetter, Future<Optional<DeadLetter>>> then) {
        return get(id).compose(found -> found.filter(letter -> !letter.discarded())
                .map(then)
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Decision<Optional<DeadLetter>> ifStill(
            @Nullable Response form, Function<DeadLetter, List<Request>> changes) {
        if (form == null) {
            return new Decision<>(List.of(), Optional.empty());
        }
        DeadLetter letter = stored.deadLetter(form.toBytes(), false);
        return new Decision<>(changes.apply(letter), Optional.of(letter));
    }

    private static List<Request> remove(RedisKeys keys, DeadLetter letter) {
        List<Request> changes = new ArrayList<>();
        changes.add(cmd(Command.HDEL, keys.dead(), letter.id().toString()));
        changes.add(cmd(
                Command.ZREM,
                keys.deadByOrder(),
                RedisKeys.deadByOrderMember(letter.order().id(), letter.id())));
        return changes;
    }

    /** Nearly always there is none, and one look is all it takes. Tombstones stay. */
    @Override
    public Future<Void> resolve(List<Order> committed) {
        List<Future<Void>> resolving = new ArrayList<>();
        for (Share<Order> share : partitions.shares(committed, Order::id)) {
            List<String> ids = share.elements().stream()
                    .map(order -> StoredForms.deadLetterId(order).toString())
                    .toList();
            Request look = Partitions.fields(share.keys().dead(), ids);
            resolving.add(commands.send(look, commands.commandDeadline())
                    .compose(forms -> forms.stream().allMatch(form -> form == null)
                            ? Future.succeededFuture()
                            : resolve(share.keys(), look)));
        }
        return Future.join(resolving).mapEmpty();
    }

    private Future<Void> resolve(RedisKeys keys, Request look) {
        return commands.change(List.of(keys.dead()), List.of(look), replies -> {
                    List<Request> changes = new ArrayList<>();
                    for (Response form : replies.get(0)) {
                        if (form != null) {
                            changes.addAll(remove(keys, stored.deadLetter(form.toBytes(), false)));
                        }
                    }
                    return new Decision<>(changes, keys);
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return commands.close();
    }
}
