package dev.sluice.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and writes the primitives of the wire form, big endian; strings are UTF-8 behind their length in bytes. */
final class WireBuffer {

    private static final int NULL_LENGTH = -1;

    private final Buffer buffer;
    private int position;

    WireBuffer(Buffer buffer) {
        this.buffer = buffer;
    }

    Buffer buffer() {
        return buffer;
    }

    void writeByte(int value) {
        buffer.appendByte((byte) value);
    }

    byte readByte() {
        byte value = buffer.getByte(position);
        position += Byte.BYTES;
        return value;
    }

    void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    boolean readBoolean() {
        return readByte() != 0;
    }

    void writeInt(int value) {
        buffer.appendInt(value);
    }

    int readInt() {
        int value = buffer.getInt(position);
        position += Integer.BYTES;
        return value;
    }

    void writeLong(long value) {
        buffer.appendLong(value);
    }

    long readLong() {
        long value = buffer.getLong(position);
        position += Long.BYTES;
        return value;
    }

    void writeUuid(UUID value) {
        writeLong(value.getMostSignificantBits());
        writeLong(value.getLeastSignificantBits());
    }

    UUID readUuid() {
        return new UUID(readLong(), readLong());
    }

    void writeBytes(byte[] value) {
        writeInt(value.length);
        buffer.appendBytes(value);
    }

    byte[] readBytes() {
        return readBytes(readInt());
    }

    private byte[] readBytes(int length) {
        byte[] value = buffer.getBytes(position, position + length);
        position += length;
        return value;
    }

    void writeString(String value) {
        writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    String readString() {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    void writeNullableString(@Nullable String value) {
        if (value == null) {
            writeInt(NULL_LENGTH);
        } else {
            writeString(value);
        }
    }

    @Nullable
    String readNullableString() {
        int length = readInt();
        return length == NULL_LENGTH ? null : new String(readBytes(length), StandardCharsets.UTF_8);
    }

    <T> void writeList(List<T> values, Consumer<T> writer) {
        writeInt(values.size());
        values.forEach(writer);
    }

    <T> List<T> readList(Function<WireBuffer, T> reader) {
        int size = readInt();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(reader.apply(this));
        }
        return values;
    }
}
