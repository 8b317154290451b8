package dev.sluice.bulk;

import dev.sluice.order.Faults;
import dev.sluice.order.OrderResult;
import dev.sluice.order.Utf8Buffer;
import java.util.List;
import java.util.UUID;

/**
 * Writes the result lines of a bulk request, NDJSON in UTF-8, one order a line: what HTTP and the event bus answer.
 *
 * <p>The lists of faults are bounded together, since an order can have a hundred of them: once they take up {@code
 * faultBytesMax}, the list being written is cut short and later lines go without. Not thread safe: one per request.
 */
public final class ResultLines {

    /** Bytes of all lists of faults in one response. */
    public static final long FAULT_BYTES_MAX = 4L << 20;

    private final Utf8Buffer out = new Utf8Buffer(1024);
    private final long faultBytesMax;
    private long faultBytes;

    public ResultLines(long faultBytesMax) {
        this.faultBytesMax = faultBytesMax;
    }

    /** One line; {@code line} is its number in the request, from 1. */
    public void write(int line, OrderResult result) {
        out.ascii("{\"line\":").digits(line).ascii(",\"status\":").digits(result.status());
        if (!result.isAcknowledged()) {
            out.ascii(",\"code\":\"")
                    .ascii(result.code().text())
                    .ascii("\",\"detail\":")
                    .quoted(result.detail());
        }
        UUID id = result.id();
        if (id != null) {
            out.ascii(",\"id\":\"").ascii(id.toString()).ascii('"');
        }
        if (result.replayed()) {
            out.ascii(",\"replayed\":true");
        }
        if (!result.faults().isEmpty() && faultBytes < faultBytesMax) {
            faults(result.faults());
        }
        out.ascii("}\n");
    }

    private void faults(List<Faults.Fault> faults) {
        int before = out.size();
        char separator = '[';
        out.ascii(",\"errors\":");
        for (Faults.Fault fault : faults) {
            boolean isFirst = separator == '[';
            if (!isFirst && faultBytes + out.size() - before >= faultBytesMax) {
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
