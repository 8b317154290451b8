package dev.sluice.order;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Writes times as every answer shows them: ISO 8601 in UTC, always six fraction digits, {@code Z}. */
final class Timestamps {

    private static final long MICROS = 1_000_000;
    private static final int SECONDS_OF_DAY = 86_400;
    private static final int YEAR_MAX = 9999;

    private Timestamps() {}

    /** @param micros since the epoch, in the years 0 to 9999; others are an {@link IllegalArgumentException} */
    static void write(Utf8Buffer out, long micros) {
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
