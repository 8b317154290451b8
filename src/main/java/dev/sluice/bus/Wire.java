package dev.sluice.bus;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.FoundOrder;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.Priority;
import dev.sluice.order.StoredOrder;
import dev.sluice.wire.BinaryBuffer;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.List;

/** The wire form, version 1, of every message that Sluice sends. Fields are written in the order of the records. */
public final class Wire {

    private static final int COMMITTED = 1;
    private static final int REPLAYED = 2;
    private static final int CONFLICT = 3;
    private static final int REFUSED = 4;
    private static final int NOT_STORED = 5;
    private static final int UNKNOWN = 6;
    private static final int QUEUED = 7;

    private static final int FOUND_COMMITTED = 1;
    private static final int FOUND_QUEUED = 2;
    private static final int FOUND_DEAD = 3;

    private static final int LIVE = 1;
    private static final int BULK = 2;

    static final WireCodec<OrderBatch> ORDER_BATCH = new WireCodec<>(
            OrderBatch.class,
            (out, batch) -> {
                out.writeList(batch.orders(), order -> writeOrder(out, order));
                out.writeByte(batch.priority() == Priority.LIVE ? LIVE : BULK);
            },
            in -> new OrderBatch(in.readList(Wire::readOrder), readPriority(in)));

    static final WireCodec<OutcomeBatch> OUTCOME_BATCH = new WireCodec<>(
            OutcomeBatch.class,
            (out, batch) -> {
                out.writeList(batch.outcomes(), outcome -> writeOutcome(out, outcome));
                out.writeInt(batch.retryAfterSeconds());
                out.writeInt(batch.waitMicros());
                out.writeInt(batch.storeMicros());
            },
            in -> new OutcomeBatch(in.readList(Wire::readOutcome), in.readInt(), in.readInt(), in.readInt()));

    static final WireCodec<Lookup> LOOKUP = new WireCodec<>(
            Lookup.class,
            (out, lookup) -> {
                out.writeString(lookup.account());
                out.writeUuid(lookup.id());
            },
            in -> new Lookup(in.readString(), in.readUuid()));

    static final WireCodec<Found> FOUND = new WireCodec<>(
            Found.class,
            (out, found) -> out.writeList(found.order().stream().toList(), order -> writeFound(out, order)),
            in -> new Found(in.readList(Wire::readFound).stream().findFirst()));

    private static final List<WireCodec<?>> CODECS = List.of(ORDER_BATCH, OUTCOME_BATCH, LOOKUP, FOUND);

    private Wire() {}

    /** Makes the bus of this Vert.x instance carry Sluice's messages; once per instance. */
    public static void register(Vertx vertx) {
        CODECS.forEach(codec -> register(vertx.eventBus(), codec));
    }

    private static <T> void register(EventBus bus, WireCodec<T> codec) {
        bus.registerDefaultCodec(codec.type(), codec);
    }

    private static void writeOrder(BinaryBuffer out, Order order) {
        out.writeUuid(order.id());
        out.writeString(order.account());
        out.writeNullableString(order.clientOrderId());
        out.writeString(order.customerId());
        out.writeString(order.currency());
        out.writeString(order.total());
        out.writeString(order.itemsJson());
        out.writeNullableString(order.attributesJson());
        out.writeLong(order.acceptedAtMicros());
        out.writeBytes(order.fingerprint().toBytes());
    }

    private static Order readOrder(BinaryBuffer in) {
        return new Order(
                in.readUuid(),
                in.readString(),
                in.readNullableString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readNullableString(),
                in.readLong(),
                Fingerprint.of(in.readBytes()));
    }

    private static Priority readPriority(BinaryBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case LIVE -> Priority.LIVE;
            case BULK -> Priority.BULK;
            default -> throw new IllegalArgumentException("no priority has the tag " + tag);
        };
    }

    private static void writeStored(BinaryBuffer out, StoredOrder stored) {
        writeOrder(out, stored.order());
        out.writeLong(stored.committedAtMicros());
    }

    private static StoredOrder readStored(BinaryBuffer in) {
        return new StoredOrder(readOrder(in), in.readLong());
    }

    private static void writeFound(BinaryBuffer out, FoundOrder found) {
        if (found instanceof FoundOrder.Committed committed) {
            out.writeByte(FOUND_COMMITTED);
            writeStored(out, committed.stored());
        } else if (found instanceof FoundOrder.Queued queued) {
            out.writeByte(FOUND_QUEUED);
            writeOrder(out, queued.order());
        } else if (found instanceof FoundOrder.Dead dead) {
            out.writeByte(FOUND_DEAD);
            writeOrder(out, dead.order());
            out.writeString(dead.reason());
            out.writeBoolean(dead.discarded());
        }
    }

    private static FoundOrder readFound(BinaryBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case FOUND_COMMITTED -> new FoundOrder.Committed(readStored(in));
            case FOUND_QUEUED -> new FoundOrder.Queued(readOrder(in));
            case FOUND_DEAD -> new FoundOrder.Dead(readOrder(in), in.readString(), in.readBoolean());
            default -> throw new IllegalArgumentException("nothing that is found has the tag " + tag);
        };
    }

    private static void writeOutcome(BinaryBuffer out, Outcome outcome) {
        if (outcome instanceof Outcome.Committed committed) {
            out.writeByte(COMMITTED);
            out.writeLong(committed.committedAtMicros());
        } else if (outcome instanceof Outcome.Replayed replayed) {
            out.writeByte(REPLAYED);
            writeStored(out, replayed.original());
        } else if (outcome instanceof Outcome.Queued queued) {
            out.writeByte(QUEUED);
            writeOrder(out, queued.entry());
            out.writeBoolean(queued.replayed());
        } else if (outcome instanceof Outcome.Conflict) {
            out.writeByte(CONFLICT);
        } else if (outcome instanceof Outcome.Refused refused) {
            writeReason(out, REFUSED, refused.reason());
        } else if (outcome instanceof Outcome.NotStored notStored) {
            writeReason(out, NOT_STORED, notStored.reason());
        } else if (outcome instanceof Outcome.Unknown unknown) {
            writeReason(out, UNKNOWN, unknown.reason());
        }
    }

    private static void writeReason(BinaryBuffer out, int tag, String reason) {
        out.writeByte(tag);
        out.writeString(reason);
    }

    private static Outcome readOutcome(BinaryBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case COMMITTED -> new Outcome.Committed(in.readLong());
            case REPLAYED -> new Outcome.Replayed(readStored(in));
            case QUEUED -> new Outcome.Queued(readOrder(in), in.readBoolean());
            case CONFLICT -> new Outcome.Conflict();
            case REFUSED -> new Outcome.Refused(in.readString());
            case NOT_STORED -> new Outcome.NotStored(in.readString());
            case UNKNOWN -> new Outcome.Unknown(in.readString());
            default -> throw new IllegalArgumentException("no outcome has the tag " + tag);
        };
    }
}
