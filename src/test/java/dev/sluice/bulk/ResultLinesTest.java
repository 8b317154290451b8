package dev.sluice.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.order.Faults.Fault;
import dev.sluice.order.OrderResult;
import dev.sluice.order.OrderResult.Code;
import dev.sluice.order.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The lines that scripts read. */
class ResultLinesTest {

    private static final UUID ID = UUID.fromString("1db3ef6c-15ce-820b-97d8-b7396807a414");
    private static final long UNBOUNDED = Long.MAX_VALUE;

    private static String text(ResultLines lines) {
        return new String(lines.take(), UTF_8);
    }

    private static OrderResult invalid(String detail, List<Fault> faults) {
        return new OrderResult(Code.INVALID_ORDER, null, false, detail, faults);
    }

    @Test
    void anAcknowledgedOrderIsALineWithItsId() {
        ResultLines lines = new ResultLines(UNBOUNDED);
        lines.write(1, OrderResult.of(ID, new Outcome.Committed(1)));
        lines.write(10_000, new OrderResult(Code.QUEUED, ID, true, "", List.of()));
        assertEquals(
                "{\"line\":1,\"status\":201,\"id\":\"" + ID + "\"}\n" + "{\"line\":10000,\"status\":202,\"id\":\"" + ID
                        + "\",\"replayed\":true}\n",
                text(lines));
        assertEquals("", text(lines));
    }

    @Test
    void anOrderThatIsNotAcknowledgedIsALineThatSaysWhy() {
        ResultLines lines = new ResultLines(UNBOUNDED);
        lines.write(2, invalid("a \"b\"\n", List.of(new Fault("/é", "x"))));
        lines.write(3, new OrderResult(Code.OUTCOME_UNKNOWN, ID, false, "d", List.of()));
        assertEquals(
                "{\"line\":2,\"status\":400,\"code\":\"invalid_order\",\"detail\":\"a \\\"b\\\"\\n"
                        + "\",\"errors\":[{\"pointer\":\"/é\",\"detail\":\"x\"}]}\n"
                        + "{\"line\":3,\"status\":503,\"code\":\"outcome_unknown\",\"detail\":\"The order may still"
                        + " appear: d. GET /orders/"
                        + ID
                        + ", or send it again with the same client order id.\",\"id\":\"" + ID
                        + "\"}\n",
                text(lines));
    }

    @Test
    void listsOfFaultsEndAtTheirBoundTogether() {
        List<Fault> faults = Collections.nCopies(100, new Fault("/" + "x".repeat(90), "y"));
        ResultLines lines = new ResultLines(15_000);
        for (int line = 1; line <= 3; line++) {
            lines.write(line, invalid("d", faults));
        }
        List<String> written = text(lines).lines().toList();
        assertEquals(100, written.get(0).split("pointer", -1).length - 1);
        int cut = written.get(1).split("pointer", -1).length - 1;
        assertTrue(cut > 0 && cut < 100, "faults of the second line: " + cut);
        assertTrue(written.get(1).endsWith("]}"));
        assertEquals("{\"line\":3,\"status\":400,\"code\":\"invalid_order\",\"detail\":\"d\"}", written.get(2));
    }

    /** Wherever the bound falls: each line is JSON, and a list of faults has one at least. */
    @Test
    void everyLineIsJsonWhereverTheBoundFalls() {
        List<Fault> faults = List.of(new Fault("/a", "x"), new Fault("/b", "y"));
        for (int faultBytesMax = 0; faultBytesMax < 300; faultBytesMax++) {
            ResultLines lines = new ResultLines(faultBytesMax);
            for (int line = 1; line <= 4; line++) {
                lines.write(line, invalid("d", faults));
            }
            for (String line : text(lines).lines().toList()) {
                JsonArray errors = new JsonObject(line).getJsonArray("errors");
                assertTrue(errors == null || !errors.isEmpty(), faultBytesMax + ": " + line);
            }
        }
    }
}
