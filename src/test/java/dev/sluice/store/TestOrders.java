package dev.sluice.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.order.Order;
import dev.sluice.order.OrderParser;
import dev.sluice.order.OrderParser.Submission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Orders as the parser makes them, for tests behind it. */
public final class TestOrders {

    private static final AtomicLong ACCEPTED_MICROS = new AtomicLong(1_735_689_600_123_456L);

    private static final ThreadLocal<OrderParser> PARSERS = ThreadLocal.withInitial(OrderParser::new);

    private TestOrders() {}

    /** One item, customer {@code c}, price {@code 12.50}. */
    public static Order order(@Nullable String key) {
        return order(key, 1);
    }

    /** The quantity makes the content. */
    public static Order order(@Nullable String key, int quantity) {
        return order(key, quantity, "12.50");
    }

    public static Order order(@Nullable String key, int quantity, String unitPrice) {
        return parse(document(key, quantity, unitPrice));
    }

    public static String document(@Nullable String key) {
        return document(key, 1);
    }

    public static String document(@Nullable String key, int quantity) {
        return document(key, quantity, "12.50");
    }

    public static String document(@Nullable String key, int quantity, String unitPrice) {
        String prefix = key == null ? "" : "\"clientOrderId\":\"" + key + "\",";
        return "{" + prefix + "\"customerId\":\"c\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A\",\"quantity\":"
                + quantity + ",\"unitPrice\":\"" + unitPrice + "\"}]}";
    }

    /** An order of account {@code default}; each is accepted a microsecond later than the one before. */
    public static Order parse(String document) {
        return parse(document, "default");
    }

    public static Order parse(String document, String account) {
        byte[] bytes = document.getBytes(UTF_8);
        Submission submission = new Submission(account, null, ACCEPTED_MICROS.incrementAndGet());
        return assertInstanceOf(Order.class, PARSERS.get().parse(bytes, 0, bytes.length, submission), document);
    }

    /** In the order that a store asks for. */
    public static List<Order> sorted(Order... orders) {
        return sorted(Arrays.asList(orders));
    }

    public static List<Order> sorted(List<Order> orders) {
        List<Order> sorted = new ArrayList<>(orders);
        sorted.sort(Comparator.comparing(Order::id));
        return sorted;
    }

    /** That many with keys of their own, ascending by id. */
    public static List<Order> many(String prefix, int count) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(order(prefix + i));
        }
        return sorted(orders);
    }
}
