package dev.sluice.store.redis;

import dev.sluice.order.Order;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.Deadline;
import dev.sluice.store.StoreFailure;
import dev.sluice.store.StoreListener;
import dev.sluice.store.redis.Partitions.Share;
import dev.sluice.store.redis.Watched.Decision;
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

    private final RedisOptions options;
    private final Partitions partitions;
    private final RedisLane lane;
    private final Watched watched;

    private RedisDeadLetters(Vertx vertx, RedisOptions options, StoreListener status) {
        this.options = options;
        partitions = new Partitions(options.partitions());
        lane = new RedisLane(vertx, options, status, () -> {});
        watched = new Watched(lane);
    }

    /** Connects in the background; until then calls fail with NOT_STORED. */
    public static RedisDeadLetters open(Vertx vertx, RedisOptions options, StoreListener status) {
        RedisDeadLetters letters = new RedisDeadLetters(vertx, options, status);
        letters.lane.open();
        return letters;
    }

    @Override
    public Future<List<DeadLetter>> list(@Nullable UUID after, int max) {
        List<Request> ids = partitions.all().stream()
                .map(keys -> Requests.cmd(Command.HKEYS, keys.dead()))
                .toList();
        return lane.batch(ids, lane.commandDeadline())
                .map(replies -> page(replies, after == null ? "" : after.toString(), max))
                .compose(page -> page.isEmpty() ? Future.succeededFuture(List.of()) : letters(page));
    }

    private static List<String> page(List<Response> replies, String after, int max) {
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
        return lane.batch(requests, lane.commandDeadline()).map(replies -> {
            List<DeadLetter> letters = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                for (Response reply : replies) {
                    addLetter(letters, reply.get(i), false);
                }
            }
            return letters;
        });
    }

    private static boolean addLetter(List<DeadLetter> letters, @Nullable Response form, boolean discarded) {
        return form != null && letters.add(DeadLetterForm.read(form.toBytes(), discarded));
    }

    @Override
    public Future<Optional<DeadLetter>> get(UUID id) {
        List<Request> requests = new ArrayList<>();
        partitions.all().forEach(keys -> requests.add(Requests.cmd(Command.HGET, keys.dead(), id.toString())));
        partitions.all().forEach(keys -> requests.add(Requests.cmd(Command.HGET, keys.tombstones(), id.toString())));
        return lane.batch(requests, lane.commandDeadline()).map(replies -> {
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
        return lane.send(DeadLetterIndex.ofOrder(keys, orderId), deadline)
                .map(DeadLetterIndex::letters)
                .compose(ids -> ids.isEmpty() ? Future.succeededFuture(List.of()) : ofOrder(keys, ids, deadline));
    }

    private Future<List<DeadLetter>> ofOrder(RedisKeys keys, List<String> ids, Deadline deadline) {
        List<Request> both = List.of(Partitions.fields(keys.dead(), ids), Partitions.fields(keys.tombstones(), ids));
        return lane.batch(both, deadline).map(replies -> {
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
            look.add(Requests.cmd(Command.HGET, keys.dead(), id.toString()));
            look.add(Requests.cmd(
                    Command.HGET, keys.orders(), letter.order().id().toString()));
            return watched.change(List.of(keys.dead(), keys.orders()), look, replies -> {
                int at = partitions.all().size();
                long queued = Partitions.sum(replies.subList(0, at));
                return requeue(keys, replies.get(at), replies.get(at + 1), queued);
            });
        });
    }

    private Decision<Optional<DeadLetter>> requeue(
            RedisKeys keys, @Nullable Response dead, @Nullable Response entry, long queued) {
        return ifStill(dead, letter -> {
            List<Request> commands = remove(keys, letter);
            if (entry == null) {
                requireBelow(queued, options.entriesMax(), "the overflow is full");
                UUID orderId = letter.order().id();
                commands.add(StreamEntry.add(keys, List.of(orderId), System.currentTimeMillis()));
                commands.add(Requests.cmd(Command.HSET, keys.orders(), orderId.toString())
                        .arg(OrderForm.write(letter.order())));
            } else {
                requireSame(OrderForm.read(entry.toBytes()), letter.order());
            }
            return commands;
        });
    }

    private static void requireSame(Order queued, Order dead) {
        if (!queued.fingerprint().equals(dead.fingerprint())) {
            throw StoreFailure.notStored("another order is queued under the same key");
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
            look.add(Requests.cmd(Command.HGET, keys.dead(), id.toString()));
            return watched.change(List.of(keys.dead()), look, replies -> {
                int at = partitions.all().size();
                long tombstones = Partitions.sum(replies.subList(0, at));
                return ifStill(replies.get(at), found -> discard(keys, found, tombstones));
            });
        });
    }

    /** The index keeps it: a look-up by order shall find the tombstone. */
    private List<Request> discard(RedisKeys keys, DeadLetter letter, long tombstones) {
        requireBelow(tombstones, options.deadLettersMax(), "tombstones are full");
        String id = letter.id().toString();
        return List.of(
                Requests.cmd(Command.HDEL, keys.dead(), id),
                Requests.cmd(Command.HSET, keys.tombstones(), id).arg(DeadLetterForm.write(letter)));
    }

    private Future<Optional<DeadLetter>> ifDead(UUID id, Function<DeadLetter, Future<Optional<DeadLetter>>> then) {
        return get(id).compose(found -> found.filter(letter -> !letter.discarded())
                .map(then)
                .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private static Decision<Optional<DeadLetter>> ifStill(
            @Nullable Response form, Function<DeadLetter, List<Request>> commands) {
        if (form == null) {
            return new Decision<>(List.of(), Optional.empty());
        }
        DeadLetter letter = DeadLetterForm.read(form.toBytes(), false);
        return new Decision<>(commands.apply(letter), Optional.of(letter));
    }

    private static List<Request> remove(RedisKeys keys, DeadLetter letter) {
        List<Request> commands = new ArrayList<>();
        commands.add(Requests.cmd(Command.HDEL, keys.dead(), letter.id().toString()));
        commands.add(Requests.cmd(
                Command.ZREM,
                keys.deadByOrder(),
                DeadLetterIndex.member(letter.order().id(), letter.id())));
        return commands;
    }

    /** Nearly always there is none, and one look is all it takes. Tombstones stay. */
    @Override
    public Future<Void> resolve(List<Order> committed) {
        List<Future<Void>> resolving = new ArrayList<>();
        for (Share<Order> share : partitions.shares(committed, Order::id)) {
            List<String> ids = share.elements().stream()
                    .map(order -> DeadLetterForm.idOf(order).toString())
                    .toList();
            Request look = Partitions.fields(share.keys().dead(), ids);
            resolving.add(lane.send(look, lane.commandDeadline())
                    .compose(forms -> forms.stream().allMatch(form -> form == null)
                            ? Future.succeededFuture()
                            : resolve(share.keys(), look)));
        }
        return Future.join(resolving).mapEmpty();
    }

    private Future<Void> resolve(RedisKeys keys, Request look) {
        return watched.change(List.of(keys.dead()), List.of(look), replies -> {
                    List<Request> commands = new ArrayList<>();
                    for (Response form : replies.get(0)) {
                        if (form != null) {
                            commands.addAll(remove(keys, DeadLetterForm.read(form.toBytes(), false)));
                        }
                    }
                    return new Decision<>(commands, keys);
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return lane.close();
    }
}
