package dev.sluice.order;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the document that answers an order: what was sent, in canonical spelling, and what Sluice adds to it. POST,
 * GET and bulk answer the same one.
 *
 * <p>Not thread safe: one per event loop, whose buffer it keeps.
 */
public final class OrderJson {

    private static final long MICROS = 1_000_000;
    private static final int SECONDS_OF_DAY = 86_400;
    private static final int YEAR_MAX = 9999;

    private final Utf8Buffer out = new Utf8Buffer(1024);

    /** What the caller makes of the document; the array is this object's, and written over by the next one. */
    @FunctionalInterface
    public interface Form<T> {
        T of(byte[] utf8, int length);
    }

    /**
     * The document as compact JSON in UTF-8, an array of the caller's own.
     *
     * @param status {@code committed}, {@code queued} or {@code dead}
     * @param committedAtMicros microseconds since the epoch, or null where the order is not committed
     */
    public byte[] bytes(Order order, String status, @Nullable Long committedAtMicros) {
        return write(order, status, committedAtMicros, Arrays::copyOf);
    }

    /** As {@link #bytes}, without a copy. */
    public <T> T write(Order order, String status, @Nullable Long committedAtMicros, Form<T> form) {
        begin(order, status);
        if (committedAtMicros != null) {
            out.ascii(",\"committedAt\":\"");
            time(out, committedAtMicros);
            out.ascii('"');
        }
        out.ascii('}');
        return form.of(out.array(), out.size());
    }

    /** As {@link #bytes}, of an order that PostgreSQL will never take. */
    public byte[] dead(FoundOrder.Dead dead) {
        begin(dead.order(), "dead");
        out.ascii(",\"reason\":").quoted(dead.reason());
        if (dead.discarded()) {
            out.ascii(",\"discarded\":true");
        }
        return out.ascii('}').toBytes();
    }

    private void begin(Order order, String status) {
        out.clear();
        out.ascii("{\"id\":\"").ascii(order.id().toString()).ascii('"');
        sent(order);
        out.ascii(",\"total\":\"").ascii(order.total());
        out.ascii("\",\"status\":\"").ascii(status);
        out.ascii("\",\"acceptedAt\":\"");
        time(out, order.acceptedAtMicros());
        out.ascii('"');
    }

    private void sent(Order order) {
        String clientOrderId = order.clientOrderId();
        if (clientOrderId != null) {
            out.ascii(",\"clientOrderId\":").quoted(clientOrderId);
        }
        out.ascii(",\"customerId\":").quoted(order.customerId());
        out.ascii(",\"currency\":\"").ascii(order.currency());
        out.ascii("\",\"items\":").text(order.itemsJson());
        String attributes = order.attributesJson();
        if (attributes != null) {
            out.ascii(",\"attributes\":").text(attributes);
        }
    }

    /**
     * Writes a time as every answer shows it: ISO 8601 in UTC, always six fraction digits, {@code Z}.
     *
     * @param micros since the epoch, in the years 0 to 9999; others are an {@link IllegalArgumentException}
     */
    static void time(Utf8Buffer out, long micros) {
        long seconds = Math.floorDiv(micros, MICROS);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_OF_DAY));
        if (date.getYear() < 0 || date.getYear() > YEAR_MAX) {
            throw new IllegalArgumentException("no four-digit year: " + Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        }
        int second = Math.floorMod(seconds, SECONDS_OF_DAY);
        out.digits(date.getYear(), 4).ascii('-').digits(date.getMonthValue(), 2);
        out.ascii('-').digits(date.getDayOfMonth(), 2).ascii('T');
        out.digits(second / 3600, 2).ascii(':').digits(second / 60 % 60, 2);
        out.ascii(':').digits(second % 60, 2).ascii('.');
        out.digits(Math.floorMod(micros, MICROS), 6).ascii('Z');
    }
}
