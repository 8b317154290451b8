package dev.sluice.intake;

import dev.sluice.bulk.BulkLines;
import dev.sluice.bulk.BulkOutcomes;
import dev.sluice.bulk.ResultLines;
import dev.sluice.order.Faults;
import dev.sluice.order.OrderResult;
import dev.sluice.order.OrderResult.Code;
import dev.sluice.order.Parsed;
import java.util.function.IntFunction;

/**
 * The result lines of a bulk request, written a piece at a time as its client takes them. Faults are not kept: a line
 * that is no order is parsed again. A piece takes about a millisecond at most. Owned by one event loop.
 */
public final class BulkResults {

    /** Written ahead of the client, and what one more line can add: a line has at most a hundred faults. */
    static final int PIECE_BYTES_MAX = 64 * 1024;

    private static final int PIECE_BYTES = 16 * 1024;

    /** Parsed again for one piece. */
    private static final int PARSED_BYTES = 64 * 1024;

    private final BulkOutcomes outcomes;
    private final BulkLines lines;
    private final IntFunction<Parsed> parse;
    private final ResultLines writing = new ResultLines(ResultLines.FAULT_BYTES_MAX);
    private int next;

    BulkResults(BulkOutcomes outcomes, BulkLines lines, IntFunction<Parsed> parse) {
        this.outcomes = outcomes;
        this.lines = lines;
        this.parse = parse;
    }

    /** Whether all lines were handed over. */
    public boolean isAtEnd() {
        return next == outcomes.size();
    }

    /** The next lines, whole ones; empty behind the last. */
    public byte[] next() {
        int parsedBytes = 0;
        while (next < outcomes.size() && writing.size() < PIECE_BYTES && parsedBytes < PARSED_BYTES) {
            OrderResult result = outcomes.of(next);
            if (result.code() == Code.INVALID_ORDER && parse.apply(next) instanceof Faults faults) {
                result = OrderResult.invalid(faults);
                parsedBytes += lines.length(next);
            }
            writing.write(lines.number(next), result);
            next++;
        }
        return writing.take();
    }
}
