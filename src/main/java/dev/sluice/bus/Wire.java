package dev.sluice.bus;

import dev.sluice.order.FoundOrder;
import dev.sluice.order.Priority;
import dev.sluice.wire.BinaryBuffer;
import dev.sluice.wire.Forms;
import dev.sluice.wire.OrderForm;
import dev.sluice.wire.OutcomeForm;
import dev.sluice.wire.UnreadableFormException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The wire form of every message that Sluice sends. Fields are written in the order of the records. A message begins with the
 * version that {@link Forms} says; what nodes say of themselves has version 1 for good, so that every release hears it.
 */
public final class Wire {

    private static final int FOUND_COMMITTED = 1;
    private static final int FOUND_QUEUED = 2;
    private static final int FOUND_DEAD = 3;

    private static final int LIVE = 1;
    private static final int BULK = 2;

    static final Form<OrderBatch> ORDER_BATCH = new Form<>(
            OrderBatch.class,
            (out, orders, batch) -> {
                out.writeList(batch.orders(), order -> orders.write(out, order));
                out.writeByte(batch.priority() == Priority.LIVE ? LIVE : BULK);
            },
            (in, orders) -> new OrderBatch(in.readList(orders::read), readPriority(in)));

    static final Form<OutcomeBatch> OUTCOME_BATCH = new Form<>(
            OutcomeBatch.class,
            (out, orders, batch) -> {
                out.writeList(batch.outcomes(), outcome -> OutcomeForm.write(out, orders, outcome));
                out.writeInt(batch.retryAfterSeconds());
                out.writeInt(batch.waitMicros());
                out.writeInt(batch.storeMicros());
            },
            (in, orders) -> new OutcomeBatch(
                    in.readList(one -> OutcomeForm.read(one, orders)), in.readInt(), in.readInt(), in.readInt()));

    static final Form<Lookup> LOOKUP = new Form<>(
            Lookup.class,
            (out, orders, lookup) -> {
                out.writeString(lookup.account());
                out.writeUuid(lookup.id());
            },
            (in, orders) -> new Lookup(in.readString(), in.readUuid()));

    static final Form<Found> FOUND = new Form<>(
            Found.class,
            (out, orders, found) ->
                    out.writeList(found.order().stream().toList(), order -> writeFound(out, orders, order)),
            (in, orders) -> new Found(
                    in.readList(one -> readFound(one, orders)).stream().findFirst()));

    static final Form<MemberNotice> MEMBER_NOTICE = new Form<>(
            MemberNotice.class,
            (out, none, notice) -> {
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
            (in, none) -> new MemberNotice(
                    in.readString(),
                    in.readString(),
                    in.readString(),
                    in.readInt(),
                    in.readBoolean(),
                    in.readInt(),
                    in.readList(one -> new WriterNotice(one.readString(), one.readBoolean()))));

    static final Form<Reach> REACH = new Form<>(
            Reach.class,
            (out, none, reach) -> out.writeString(reach.address()),
            (in, none) -> new Reach(in.readString()));

    static final Form<Reached> REACHED = new Form<>(
            Reached.class,
            (out, none, reached) -> {
                out.writeBoolean(reached.ok());
                out.writeString(reached.detail());
            },
            (in, none) -> new Reached(in.readBoolean(), in.readString()));

    private static final List<Form<?>> OF_ORDERS = List.of(ORDER_BATCH, OUTCOME_BATCH, LOOKUP, FOUND);

    /** Every release reads them; they only ever grow at their end. */
    private static final List<Form<?>> OF_NODES = List.of(MEMBER_NOTICE, REACH, REACHED);

    private static final Forms FIRST = Forms.ofVersionOne();

    private Wire() {}

    /** As {@link #register(Vertx, Forms)}, for a bus that messages do not leave. */
    public static void register(Vertx vertx) {
        register(vertx, Forms.ofThisRelease());
    }

    /** Makes the bus of this Vert.x instance carry Sluice's messages; once per instance. */
    public static void register(Vertx vertx, Forms forms) {
        OF_ORDERS.forEach(form -> register(vertx.eventBus(), new Codec<>(form, forms)));
        OF_NODES.forEach(form -> register(vertx.eventBus(), new Codec<>(form, FIRST)));
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

    private static void writeFound(BinaryBuffer out, OrderForm orders, FoundOrder found) {
        if (found instanceof FoundOrder.Committed committed) {
            out.writeByte(FOUND_COMMITTED);
            orders.writeStored(out, committed.stored());
        } else if (found instanceof FoundOrder.Queued queued) {
            out.writeByte(FOUND_QUEUED);
            orders.write(out, queued.order());
        } else if (found instanceof FoundOrder.Dead dead) {
            out.writeByte(FOUND_DEAD);
            orders.write(out, dead.order());
            out.writeString(dead.reason());
            out.writeBoolean(dead.discarded());
        }
    }

    private static FoundOrder readFound(BinaryBuffer in, OrderForm orders) {
        byte tag = in.readByte();
        return switch (tag) {
            case FOUND_COMMITTED -> new FoundOrder.Committed(orders.readStored(in));
            case FOUND_QUEUED -> new FoundOrder.Queued(orders.read(in));
            case FOUND_DEAD -> new FoundOrder.Dead(orders.read(in), in.readString(), in.readBoolean());
            default -> throw new UnreadableFormException("nothing that is found has the tag " + tag);
        };
    }

    /**
     * How one message type is written and read.
     *
     * @param writer gets the form that an order has in the version that is written
     * @param reader gets the one of the version that came
     */
    record Form<T>(Class<T> type, Writer<T> writer, BiFunction<BinaryBuffer, OrderForm, T> reader) {

        /** How it is written. */
        interface Writer<T> {
            void write(BinaryBuffer out, OrderForm orders, T message);
        }
    }

    /**
     * What comes of bytes that cannot be read. A reply whose reading throws is lost in Vert.x, and its sender would wait for
     * the whole deadline.
     */
    record Unreadable(String reason) {}

    /**
     * The codec of one message type: local delivery passes the immutable object itself; between nodes it travels in a
     * binary form that begins with a version byte. Whatever cannot be read becomes {@link Unreadable}.
     */
    record Codec<T>(Form<T> form, Forms forms) implements MessageCodec<T, Object> {

        Class<T> type() {
            return form.type();
        }

        @Override
        public void encodeToWire(Buffer buffer, T message) {
            int version = forms.written();
            BinaryBuffer out = new BinaryBuffer(Buffer.buffer());
            out.writeByte(version);
            form.writer().write(out, forms.order(version), message);
            buffer.appendInt(out.buffer().length()).appendBuffer(out.buffer());
        }

        @Override
        public Object decodeFromWire(int position, Buffer buffer) {
            try {
                int length = buffer.getInt(position);
                int start = position + Integer.BYTES;
                return read(new BinaryBuffer(buffer.slice(start, start + length)));
            } catch (RuntimeException unreadable) { // whatever the bytes are
                return new Unreadable(name() + " cannot be read: " + unreadable.getMessage());
            }
        }

        private T read(BinaryBuffer in) {
            int version = in.readVersion(forms.newest(), name());
            return form.reader().apply(in, forms.order(version));
        }

        @Override
        public Object transform(T message) {
            return message;
        }

        @Override
        public String name() {
            return "sluice." + type().getSimpleName();
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
