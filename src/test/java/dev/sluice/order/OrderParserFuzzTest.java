package dev.sluice.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random and damaged documents: each gives an order or faults, and an order is what a generic parser reads, too. */
class OrderParserFuzzTest {

    private static final long MILLIS = 700;
    private static final String[] SPLICES = {
        "null",
        "{}",
        "[]",
        "\"",
        "\\u0000",
        "\\ud800",
        "1e999999999",
        "-0",
        "{\"a\":1,\"a\":2}",
        "[[[[[[[[[[",
        "\0",
        "é",
        ",",
        "99999"
    };

    private final long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomOrders orders = new RandomOrders(random);
    private final OrderParser parser = new OrderParser();

    @Test
    void anyBytesAreAnOrderOrFaults() {
        run("random bytes", () -> {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            return bytes;
        });
    }

    @Test
    void damagedOrdersAreOrdersOrFaults() {
        run("damaged orders", () -> damaged(orders.next().getBytes(UTF_8)));
    }

    @Test
    void splicedOrdersAreOrdersOrFaults() {
        run("spliced orders", () -> spliced(orders.next()).getBytes(UTF_8));
    }

    private interface Source {
        byte[] next();
    }

    private void run(String name, Source source) {
        System.out.println("fuzz: " + name + ", seed " + seed + " (-Dsluice.fuzz.seed=" + seed + ")");
        long end = System.currentTimeMillis() + MILLIS;
        int taken = 0;
        int refused = 0;
        while (System.currentTimeMillis() < end) {
            byte[] bytes = source.next();
            if (judge(bytes) instanceof Order order) {
                agree(order, bytes);
                taken++;
            } else {
                refused++;
            }
        }
        System.out.println("fuzz: " + taken + " orders, " + refused + " refused");
    }

    private Parsed judge(byte[] bytes) {
        try {
            Parsed parsed = parser.parse(bytes, 0, bytes.length, Documents.SUBMISSION);
            assertTrue(parsed instanceof Order || !((Faults) parsed).faults().isEmpty());
            return parsed;
        } catch (RuntimeException | Error e) {
            return fail("seed " + seed + ", document " + Arrays.toString(bytes) + "\n" + new String(bytes, UTF_8), e);
        }
    }

    private void agree(Order order, byte[] bytes) {
        String text = new String(bytes, UTF_8);
        JsonObject read = new JsonObject(text);
        assertEquals(read.getString("customerId"), order.customerId(), text);
        assertEquals(read.getString("currency"), order.currency(), text);
        assertEquals(read.getString("clientOrderId"), order.clientOrderId(), text);
        assertEquals(read.containsKey("attributes"), order.attributesJson() != null, text);
        JsonArray items = new JsonArray(order.itemsJson());
        assertEquals(read.getJsonArray("items").size(), items.size(), text);
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < items.size(); i++) {
            JsonObject item = items.getJsonObject(i);
            BigDecimal price = new BigDecimal(item.getString("unitPrice"));
            total = total.add(price.multiply(BigDecimal.valueOf(item.getInteger("quantity"))));
        }
        assertEquals(total.toPlainString(), order.total(), text);
        Parsed again = judge(resubmitted(order));
        if (again instanceof Order same) {
            assertEquals(order.fingerprint(), same.fingerprint(), text);
            assertEquals(order.attributesJson(), same.attributesJson(), text);
        } else {
            assertTrue(text.toLowerCase(java.util.Locale.ROOT).contains("e"), text);
        }
    }

    /** Numbers with an exponent may have more digits in plain form than may be sent. */
    private static byte[] resubmitted(Order order) {
        Utf8Buffer out = new Utf8Buffer(256).ascii("{\"customerId\":").quoted(order.customerId());
        out.ascii(",\"currency\":")
                .quoted(order.currency())
                .ascii(",\"items\":")
                .text(order.itemsJson());
        if (order.attributesJson() != null) {
            out.ascii(",\"attributes\":").text(order.attributesJson());
        }
        return out.ascii('}').toBytes();
    }

    private byte[] damaged(byte[] document) {
        byte[] bytes = document;
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> bytes = Arrays.copyOf(bytes, at + 1);
            }
        }
        return bytes;
    }

    private String spliced(String document) {
        int at = random.nextInt(document.length() + 1);
        int to = Math.min(document.length(), at + random.nextInt(6));
        return document.substring(0, at) + SPLICES[random.nextInt(SPLICES.length)] + document.substring(to);
    }
}
