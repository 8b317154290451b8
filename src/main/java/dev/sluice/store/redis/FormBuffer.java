package dev.sluice.store.redis;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and writes the primitives of stored forms, big endian; strings are UTF-8 behind their length in bytes. */
final class FormBuffer {

    private static final int NULL_LENGTH = -1;

    private final Buffer buffer;
    private int position;

    FormBuffer(Buffer buffer) {
        this.buffer = buffer;
    }

    byte[] toBytes() {
        return buffer.getBytes();
    }

    void writeByte(int value) {
        buffer.appendByte((byte) value);
    }

    byte readByte() {
        byte value = buffer.getByte(position);
        position += Byte.BYTES;
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
        buffer.appendInt(value.length).appendBytes(value);
    }

    byte[] readBytes() {
        return readBytes(readInt());
    }

    private int readInt() {
        int value = buffer.getInt(position);
        position += Integer.BYTES;
        return value;
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
            buffer.appendInt(NULL_LENGTH);
        } else {
            writeString(value);
        }
    }

    @Nullable
    String readNullableString() {
        int length = readInt();
        return length == NULL_LENGTH ? null : new String(readBytes(length), StandardCharsets.UTF_8);
    }
}
