package dev.sluice.bulk;

import dev.sluice.order.OrderResult;
import dev.sluice.order.OrderResult.Code;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of each line of a bulk request, compact: {@value #LINE_BYTES} bytes a line, and each reason once. Faults
 * are not kept: the line is there to be parsed again. Not thread safe: owned by one request.
 */
public final class BulkOutcomes {

    /** Code, id, place of the reason. */
    public static final int LINE_BYTES = 18;

    /** Reasons are texts of Sluice and SQLSTATEs: a request meets a few. */
    static final int REASONS_MAX = 100;

    static final String OTHER_REASON = "its reason is one of too many to be kept";

    private static final List<Code> CODES = List.of(Code.values());
    private static final int NONE = 0;

    private final byte[] codes;
    private final byte[] reasons;
    private final long[] ids;
    private final BitSet replayed = new BitSet();
    private final List<String> texts = new ArrayList<>(List.of("", OTHER_REASON));

    public BulkOutcomes(int lines) {
        codes = new byte[lines];
        reasons = new byte[lines];
        ids = new long[2 * lines];
    }

    public int size() {
        return codes.length;
    }

    /** The line went to a writer under that id. */
    public void sent(int line, UUID id) {
        ids[2 * line] = id.getMostSignificantBits();
        ids[2 * line + 1] = id.getLeastSignificantBits();
    }

    /** The id under which it went to a writer, or null. */
    public @Nullable UUID id(int line) {
        long most = ids[2 * line];
        return most == 0 ? null : new UUID(most, ids[2 * line + 1]);
    }

    public boolean isSettled(int line) {
        return codes[line] != NONE;
    }

    /** The line has its outcome. */
    public void settle(int line, OrderResult result) {
        codes[line] = (byte) (CODES.indexOf(result.code()) + 1);
        UUID id = result.id();
        if (id == null) {
            ids[2 * line] = 0;
        } else {
            sent(line, id);
        }
        replayed.set(line, result.replayed());
        reasons[line] = (byte) (result.code() == Code.INVALID_ORDER ? 0 : place(result.reason()));
    }

    private int place(String reason) {
        int known = texts.indexOf(reason);
        if (known >= 0) {
            return known;
        }
        if (texts.size() == REASONS_MAX) {
            return 1;
        }
        texts.add(reason);
        return texts.size() - 1;
    }

    /** The result of a settled line, without its faults. */
    public OrderResult of(int line) {
        Code code = CODES.get(codes[line] - 1);
        return new OrderResult(code, id(line), replayed.get(line), texts.get(reasons[line]), List.of());
    }
}
