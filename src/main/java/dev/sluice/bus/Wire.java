package dev.sluice.bus;

import dev.sluice.order.Fingerprint;
import dev.sluice.order.Lane;
import dev.sluice.order.Order;
import dev.sluice.order.Outcome;
import dev.sluice.order.StoredOrder;
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

    private static final int LIVE = 1;
    private static final int BULK = 2;

    static final WireCodec<OrderBatch> ORDER_BATCH = new WireCodec<>(
            OrderBatch.class,
            (out, batch) -> {
                out.writeList(batch.orders(), order -> writeOrder(out, order));
                out.writeByte(batch.lane() == Lane.LIVE ? LIVE : BULK);
            },
            in -> new OrderBatch(in.readList(Wire::readOrder), readLane(in)));

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
            (out, found) -> out.writeList(found.orders(), stored -> writeStored(out, stored)),
            in -> new Found(in.readList(Wire::readStored)));

    private static final List<WireCodec<?>> CODECS = List.of(ORDER_BATCH, OUTCOME_BATCH, LOOKUP, FOUND);

    private Wire() {}

    /** Makes the bus of this Vert.x instance carry Sluice's messages; once per instance. */
    public static void register(Vertx vertx) {
        CODECS.forEach(codec -> register(vertx.eventBus(), codec));
    }

    private static <T> void register(EventBus bus, WireCodec<T> codec) {
        bus.registerDefaultCodec(codec.type(), codec);
    }

    private static void writeOrder(WireBuffer out, Order order) {
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

    private static Order readOrder(WireBuffer in) {
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

    private static Lane readLane(WireBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case LIVE -> Lane.LIVE;
            case BULK -> Lane.BULK;
            default -> throw new IllegalArgumentException("no lane has the tag " + tag);
        };
    }

    private static void writeStored(WireBuffer out, StoredOrder stored) {
        writeOrder(out, stored.order());
        out.writeLong(stored.committedAtMicros());
    }

    private static StoredOrder readStored(WireBuffer in) {
        return new StoredOrder(readOrder(in), in.readLong());
    }

    private static void writeOutcome(WireBuffer out, Outcome outcome) {
        if (outcome instanceof Outcome.Committed committed) {
            out.writeByte(COMMITTED);
            out.writeLong(committed.committedAtMicros());
        } else if (outcome instanceof Outcome.Replayed replayed) {
            out.writeByte(REPLAYED);
            writeStored(out, replayed.original());
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

    private static void writeReason(WireBuffer out, int tag, String reason) {
        out.writeByte(tag);
        out.writeString(reason);
    }

    private static Outcome readOutcome(WireBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case COMMITTED -> new Outcome.Committed(in.readLong());
            case REPLAYED -> new Outcome.Replayed(readStored(in));
            case CONFLICT -> new Outcome.Conflict();
            case REFUSED -> new Outcome.Refused(in.readString());
            case NOT_STORED -> new Outcome.NotStored(in.readString());
            case UNKNOWN -> new Outcome.Unknown(in.readString());
            default -> throw new IllegalArgumentException("no outcome has the tag " + tag);
        };
    }
}
