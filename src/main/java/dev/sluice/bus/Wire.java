package dev.sluice.bus;

import dev.sluice.order.FoundOrder;
import dev.sluice.order.Priority;
import dev.sluice.wire.BinaryBuffer;
import dev.sluice.wire.OrderForm;
import dev.sluice.wire.OutcomeForm;
import dev.sluice.wire.UnreadableFormException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;
import java.util.function.Function;

/** The wire form, version 1, of every message that Sluice sends. Fields are written in the order of the records. */
public final class Wire {

    /** The newest form of messages that this release reads, and the one that it writes. */
    public static final int VERSION = Codec.VERSION;

    private static final int FOUND_COMMITTED = 1;
    private static final int FOUND_QUEUED = 2;
    private static final int FOUND_DEAD = 3;

    private static final int LIVE = 1;
    private static final int BULK = 2;

    static final Codec<OrderBatch> ORDER_BATCH = new Codec<>(
            OrderBatch.class,
            (out, batch) -> {
                out.writeList(batch.orders(), order -> OrderForm.write(out, order));
                out.writeByte(batch.priority() == Priority.LIVE ? LIVE : BULK);
            },
            in -> new OrderBatch(in.readList(OrderForm::read), readPriority(in)));

    static final Codec<OutcomeBatch> OUTCOME_BATCH = new Codec<>(
            OutcomeBatch.class,
            (out, batch) -> {
                out.writeList(batch.outcomes(), outcome -> OutcomeForm.write(out, outcome));
                out.writeInt(batch.retryAfterSeconds());
                out.writeInt(batch.waitMicros());
                out.writeInt(batch.storeMicros());
            },
            in -> new OutcomeBatch(in.readList(OutcomeForm::read), in.readInt(), in.readInt(), in.readInt()));

    static final Codec<Lookup> LOOKUP = new Codec<>(
            Lookup.class,
            (out, lookup) -> {
                out.writeString(lookup.account());
                out.writeUuid(lookup.id());
            },
            in -> new Lookup(in.readString(), in.readUuid()));

    static final Codec<Found> FOUND = new Codec<>(
            Found.class,
            (out, found) -> out.writeList(found.order().stream().toList(), order -> writeFound(out, order)),
            in -> new Found(in.readList(Wire::readFound).stream().findFirst()));

    static final Codec<MemberNotice> MEMBER_NOTICE = new Codec<>(
            MemberNotice.class,
            (out, notice) -> {
                out.writeString(notice.node());
                out.writeString(notice.name());
                out.writeString(notice.release());
                out.writeInt(notice.wireVersion());
                out.writeBoolean(notice.leaving());
                out.writeInt(notice.intakes());
                out.writeList(notice.writers(), writer -> {
                    out.writeString(writer.address());
                    out.writeBoolean(writer.full());
                });
            },
            in -> new MemberNotice(
                    in.readString(),
                    in.readString(),
                    in.readString(),
                    in.readInt(),
                    in.readBoolean(),
                    in.readInt(),
                    in.readList(one -> new WriterNotice(one.readString(), one.readBoolean()))));

    static final Codec<Reach> REACH = new Codec<>(
            Reach.class, (out, reach) -> out.writeString(reach.address()), in -> new Reach(in.readString()));

    static final Codec<Reached> REACHED = new Codec<>(
            Reached.class,
            (out, reached) -> {
                out.writeBoolean(reached.ok());
                out.writeString(reached.detail());
            },
            in -> new Reached(in.readBoolean(), in.readString()));

    private static final List<Codec<?>> CODECS =
            List.of(ORDER_BATCH, OUTCOME_BATCH, LOOKUP, FOUND, MEMBER_NOTICE, REACH, REACHED);

    private Wire() {}

    /** Makes the bus of this Vert.x instance carry Sluice's messages; once per instance. */
    public static void register(Vertx vertx) {
        CODECS.forEach(codec -> register(vertx.eventBus(), codec));
    }

    private static <T> void register(EventBus bus, Codec<T> codec) {
        bus.registerDefaultCodec(codec.type(), codec);
    }

    private static Priority readPriority(BinaryBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case LIVE -> Priority.LIVE;
            case BULK -> Priority.BULK;
            default -> throw new UnreadableFormException("no priority has the tag " + tag);
        };
    }

    private static void writeFound(BinaryBuffer out, FoundOrder found) {
        if (found instanceof FoundOrder.Committed committed) {
            out.writeByte(FOUND_COMMITTED);
            OrderForm.writeStored(out, committed.stored());
        } else if (found instanceof FoundOrder.Queued queued) {
            out.writeByte(FOUND_QUEUED);
            OrderForm.write(out, queued.order());
        } else if (found instanceof FoundOrder.Dead dead) {
            out.writeByte(FOUND_DEAD);
            OrderForm.write(out, dead.order());
            out.writeString(dead.reason());
            out.writeBoolean(dead.discarded());
        }
    }

    private static FoundOrder readFound(BinaryBuffer in) {
        byte tag = in.readByte();
        return switch (tag) {
            case FOUND_COMMITTED -> new FoundOrder.Committed(OrderForm.readStored(in));
            case FOUND_QUEUED -> new FoundOrder.Queued(OrderForm.read(in));
            case FOUND_DEAD -> new FoundOrder.Dead(OrderForm.read(in), in.readString(), in.readBoolean());
            default -> throw new UnreadableFormException("nothing that is found has the tag " + tag);
        };
    }

    /**
     * The codec of one message type: local delivery passes the immutable object itself; between nodes it travels in a
     * binary form that begins with a version byte. A node that meets a version it does not know fails the message, and
     * the sender counts it as unknown.
     */
    static final class Codec<T> implements MessageCodec<T, T> {

        /** How one type is written. */
        interface Writer<T> {
            void write(BinaryBuffer out, T message);
        }

        static final byte VERSION = 1;

        private final Class<T> type;
        private final Writer<T> writer;
        private final Function<BinaryBuffer, T> reader;

        Codec(Class<T> type, Writer<T> writer, Function<BinaryBuffer, T> reader) {
            this.type = type;
            this.writer = writer;
            this.reader = reader;
        }

        Class<T> type() {
            return type;
        }

        @Override
        public void encodeToWire(Buffer buffer, T message) {
            BinaryBuffer out = new BinaryBuffer(Buffer.buffer());
            out.writeByte(VERSION);
            writer.write(out, message);
            buffer.appendInt(out.buffer().length()).appendBuffer(out.buffer());
        }

        @Override
        public T decodeFromWire(int position, Buffer buffer) {
            int length = buffer.getInt(position);
            int start = position + Integer.BYTES;
            BinaryBuffer in = new BinaryBuffer(buffer.slice(start, start + length));
            in.readVersion(VERSION, name());
            return reader.apply(in);
        }

        @Override
        public T transform(T message) {
            return message;
        }

        @Override
        public String name() {
            return "sluice." + type.getSimpleName();
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
