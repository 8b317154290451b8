package dev.sluice.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.order.OrderResult;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Problem documents, as every listener writes them. */
class ProblemTest {

    @Test
    void aDocumentHasWhatItsTypeHas() {
        JsonObject expected = new JsonObject()
                .put("type", "urn:sluice:problem:uri_too_long")
                .put("title", "URI too long")
                .put("status", 414)
                .put("detail", "d")
                .put("code", "uri_too_long");
        assertEquals(
                expected,
                new JsonObject(Problem.of(ProblemType.URI_TOO_LONG, "d").buffer()));
    }

    @ParameterizedTest
    @EnumSource(
            value = OrderResult.Code.class,
            names = {"COMMITTED", "QUEUED"},
            mode = EnumSource.Mode.EXCLUDE)
    void aResultThatIsNoAcknowledgementIsTheProblemOfItsCode(OrderResult.Code code) {
        OrderResult result = new OrderResult(code, null, false, "d", List.of());
        assertFalse(result.isAcknowledged());
        assertEquals(result.status(), Problem.of(result).status());
        assertEquals(code.text(), Problem.of(result).type().code());
    }
}
