package dev.sluice.bus;

import dev.sluice.wire.BinaryBuffer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.Function;

/**
 * The codec of one message type: local delivery passes the immutable object itself; between nodes it travels in a
 * binary form that begins with a version byte. A node that meets a version it does not know fails the message, and
 * the sender counts it as unknown.
 */
final class WireCodec<T> implements MessageCodec<T, T> {

    /** How one type is written. */
    interface Writer<T> {
        void write(BinaryBuffer out, T message);
    }

    static final byte VERSION = 1;

    private final Class<T> type;
    private final Writer<T> writer;
    private final Function<BinaryBuffer, T> reader;

    WireCodec(Class<T> type, Writer<T> writer, Function<BinaryBuffer, T> reader) {
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
