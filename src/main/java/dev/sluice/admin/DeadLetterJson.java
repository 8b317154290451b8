package dev.sluice.admin;

import dev.sluice.order.OrderJson;
import dev.sluice.store.DeadLetters;
import dev.sluice.store.DeadLetters.DeadLetter;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes dead letters. The order within one is the document that {@code GET /orders/{id}} answers, character by
 * character: its numbers never go through a double. One per thread.
 */
final class DeadLetterJson {

    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final OrderJson orders = new OrderJson();

    String page(DeadLetters.Page page) {
        String texts = page.letters().stream().map(this::text).collect(Collectors.joining(","));
        String after = page.next() == null ? "null" : "\"" + page.next() + "\"";
        return "{\"deadLetters\":[" + texts + "],\"next\":" + after + "}";
    }

    String text(DeadLetter letter) {
        String order = new String(orders.bytes(letter.order(), "dead", null), StandardCharsets.UTF_8);
        return head(letter) + ",\"order\":" + order + "}";
    }

    /** All but the order, and without the closing brace. */
    private static String head(DeadLetter letter) {
        JsonObject head = new JsonObject()
                .put("id", letter.id().toString())
                .put("orderId", letter.order().id().toString())
                .put("account", letter.order().account())
                .put("clientOrderId", letter.order().clientOrderId())
                .put("reason", letter.reason())
                .put("diedAt", MICROS.format(Instant.EPOCH.plus(letter.diedAtMicros(), ChronoUnit.MICROS)))
                .put("discarded", letter.discarded());
        String text = head.encode();
        return text.substring(0, text.length() - 1);
    }
}
