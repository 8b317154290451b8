package dev.sluice.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** {@code 2026-07-01T12:00:00.000Z WARN  Server: message key=value}, then the stack trace if there is one. */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(padded(event.getLevel().toString()));
        line.append(shortName(event.getLoggerName())).append(": ");
        line.append(Escape.line(String.valueOf(event.getFormattedMessage())));
        fields(line, event.getKeyValuePairs());
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            Trace.append(line, event.getThrowableProxy());
        }
        return line.toString();
    }

    private static void fields(StringBuilder line, @Nullable List<KeyValuePair> fields) {
        if (fields != null) {
            fields.forEach(
                    field -> line.append(' ').append(field.key).append('=').append(value(field)));
        }
    }

    private static String value(KeyValuePair field) {
        return Escape.line(String.valueOf(field.value));
    }

    private static String padded(String level) {
        return level.length() < 5 ? level + "  " : level + " ";
    }

    private static String shortName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
