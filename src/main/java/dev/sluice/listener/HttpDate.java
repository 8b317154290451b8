package dev.sluice.listener;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The value of the {@code Date} header, made once a second. Any thread. */
public final class HttpDate {

    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private record Made(long second, CharSequence text) {}

    private static volatile Made last = made(0);

    private HttpDate() {}

    /** The date of this second. */
    public static CharSequence now() {
        long second = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        Made made = last;
        if (made.second() != second) {
            made = made(second);
            last = made;
        }
        return made.text();
    }

    private static Made made(long second) {
        return new Made(second, AsciiString.cached(IMF_FIXDATE.format(Instant.ofEpochSecond(second))));
    }
}
