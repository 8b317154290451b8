package dev.sluice.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and writes primitives, big endian; strings are UTF-8 behind their length in bytes. Not thread safe. */
public final class BinaryBuffer {

    private static final int NULL_LENGTH = -1;

    private final Buffer buffer;
    private int position;

    public BinaryBuffer(Buffer buffer) {
        this.buffer = buffer;
    }

    public Buffer buffer() {
        return buffer;
    }

    public void writeByte(int value) {
        buffer.appendByte((byte) value);
    }

    public byte readByte() {
        byte value = buffer.getByte(position);
        position += Byte.BYTES;
        return value;
    }

    /**
     * Reads the version byte of a form, and returns it.
     *
     * @param what is read, for the message
     * @throws UnreadableFormException unless the version is 1 to {@code versionMax}
     */
    public int readVersion(int versionMax, String what) {
        byte version = readByte();
        if (version < 1 || version > versionMax) {
            throw new UnreadableFormException(what + " has format version " + version + ", this release reads up to "
                    + versionMax + ": a newer one wrote it");
        }
        return version;
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public boolean readBoolean() {
        return readByte() != 0;
    }

    public void writeInt(int value) {
        buffer.appendInt(value);
    }

    public int readInt() {
        int value = buffer.getInt(position);
        position += Integer.BYTES;
        return value;
    }

    public void writeLong(long value) {
        buffer.appendLong(value);
    }

    public long readLong() {
        long value = buffer.getLong(position);
        position += Long.BYTES;
        return value;
    }

    public void writeUuid(UUID value) {
        writeLong(value.getMostSignificantBits());
        writeLong(value.getLeastSignificantBits());
    }

    public UUID readUuid() {
        return new UUID(readLong(), readLong());
    }

    public void writeBytes(byte[] value) {
        writeInt(value.length);
        buffer.appendBytes(value);
    }

    public byte[] readBytes() {
        return readBytes(readInt());
    }

    private byte[] readBytes(int length) {
        byte[] value = buffer.getBytes(position, position + length);
        position += length;
        return value;
    }

    public void writeString(String value) {
        writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public String readString() {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    public void writeNullableString(@Nullable String value) {
        if (value == null) {
            writeInt(NULL_LENGTH);
        } else {
            writeString(value);
        }
    }

    public @Nullable String readNullableString() {
        int length = readInt();
        return length == NULL_LENGTH ? null : new String(readBytes(length), StandardCharsets.UTF_8);
    }

    public <T> void writeList(List<T> values, Consumer<T> writer) {
        writeInt(values.size());
        values.forEach(writer);
    }

    public <T> List<T> readList(Function<BinaryBuffer, T> reader) {
        int size = readInt();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(reader.apply(this));
        }
        return values;
    }
}
