package dev.sluice.wire;

import dev.sluice.order.Outcome;

/**
 * The binary form of an outcome: a byte for its kind, then its fields in the order of the record; an order in it has the form
 * of the version that is written. Any thread.
 */
public final class OutcomeForm {

    private static final int COMMITTED = 1;
    private static final int REPLAYED = 2;
    private static final int CONFLICT = 3;
    private static final int REFUSED = 4;
    private static final int NOT_STORED = 5;
    private static final int UNKNOWN = 6;
    private static final int QUEUED = 7;

    private OutcomeForm() {}

    public static void write(BinaryBuffer out, OrderForm orders, Outcome outcome) {
        if (outcome instanceof Outcome.Committed committed) {
            out.writeByte(COMMITTED);
            out.writeLong(committed.committedAtMicros());
        } else if (outcome instanceof Outcome.Replayed replayed) {
            out.writeByte(REPLAYED);
            orders.writeStored(out, replayed.original());
        } else if (outcome instanceof Outcome.Queued queued) {
            out.writeByte(QUEUED);
            orders.write(out, queued.entry());
            out.writeBoolean(queued.replayed());
        } else if (outcome instanceof Outcome.Conflict) {
            out.writeByte(CONFLICT);
        } else if (outcome instanceof Outcome.Refused refused) {
            writeReason(out, REFUSED, refused.reason());
            out.writeString(refused.text());
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

    public static Outcome read(BinaryBuffer in, OrderForm orders) {
        byte tag = in.readByte();
        return switch (tag) {
            case COMMITTED -> new Outcome.Committed(in.readLong());
            case REPLAYED -> new Outcome.Replayed(orders.readStored(in));
            case QUEUED -> new Outcome.Queued(orders.read(in), in.readBoolean());
            case CONFLICT -> new Outcome.Conflict();
            case REFUSED -> new Outcome.Refused(in.readString(), in.readString());
            case NOT_STORED -> new Outcome.NotStored(in.readString());
            case UNKNOWN -> new Outcome.Unknown(in.readString());
            default -> throw new UnreadableFormException("no outcome has the tag " + tag);
        };
    }
}
