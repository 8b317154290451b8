package dev.sluice.order;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the result lines of a bulk request, NDJSON in UTF-8, one order a line: what HTTP and the event bus answer.
 *
 * <p>The lists of faults are bounded together, since an order can have a hundred of them: once they take up {@code
 * faultBytesMax}, the list being written is cut short and later lines go without. Not thread safe: one per request.
 */
public final class ResultLines {

    private final Utf8Buffer out = new Utf8Buffer(1024);
    private final long faultBytesMax;
    private long faultBytes;

    public ResultLines(long faultBytesMax) {
        this.faultBytesMax = faultBytesMax;
    }

    /** An order that a store has; status 201 or 202. */
    public void acknowledged(int line, int status, UUID id, boolean replayed) {
        begin(line, status);
        id(id);
        if (replayed) {
            out.ascii(",\"replayed\":true");
        }
        out.ascii("}\n");
    }

    /**
     * An order that was not acknowledged.
     *
     * @param faults of a bad order; may be empty
     * @param id to ask for, where the order may still appear; else null
     */
    public void problem(
            int line, int status, String code, String detail, List<Faults.Fault> faults, @Nullable UUID id) {
        begin(line, status);
        out.ascii(",\"code\":\"").ascii(code).ascii("\",\"detail\":").quoted(detail);
        if (id != null) {
            id(id);
        }
        if (!faults.isEmpty() && faultBytes < faultBytesMax) {
            faults(faults);
        }
        out.ascii("}\n");
    }

    private void begin(int line, int status) {
        out.ascii("{\"line\":").digits(line).ascii(",\"status\":").digits(status);
    }

    private void id(UUID id) {
        out.ascii(",\"id\":\"").ascii(id.toString()).ascii('"');
    }

    private void faults(List<Faults.Fault> faults) {
        int before = out.size();
        char separator = '[';
        out.ascii(",\"errors\":");
        for (Faults.Fault fault : faults) {
            if (faultBytes + out.size() - before >= faultBytesMax) {
                break;
            }
            out.ascii(separator).ascii("{\"pointer\":").quoted(fault.pointer());
            out.ascii(",\"detail\":").quoted(fault.detail()).ascii('}');
            separator = ',';
        }
        out.ascii(']');
        faultBytes += out.size() - before;
    }

    /** Bytes written since the last {@link #take}. */
    public int size() {
        return out.size();
    }

    /** Hands over what was written, as a copy, and forgets it. */
    public byte[] take() {
        byte[] taken = out.toBytes();
        out.clear();
        return taken;
    }
}
