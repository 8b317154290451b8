package dev.sluice.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object a line: {@code time}, {@code level}, {@code logger}, {@code thread}, {@code message}, then
 * {@code fields} and {@code error} (the stack trace) where there are any. Our own because logback's JsonEncoder writes
 * the message unformatted beside its arguments, epoch milliseconds, and its context with every line.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

    private final JsonStringEncoder json = JsonStringEncoder.getInstance();

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"");
        TextLayout.TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append('"');
        member(line, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        member(line, "logger", event.getLoggerName());
        member(line, "thread", event.getThreadName());
        member(line, "message", String.valueOf(event.getFormattedMessage()));
        fields(line, event.getKeyValuePairs());
        error(line, event);
        return line.append("}\n").toString();
    }

    private void error(StringBuilder line, ILoggingEvent event) {
        if (event.getThrowableProxy() != null) {
            StringBuilder trace = new StringBuilder(512);
            Trace.append(trace, event.getThrowableProxy());
            member(line, "error", trace.toString());
        }
    }

    private void fields(StringBuilder line, @Nullable List<KeyValuePair> fields) {
        if (fields == null || fields.isEmpty()) {
            return;
        }
        StringBuilder members = new StringBuilder();
        fields.forEach(field -> member(members, field.key, String.valueOf(field.value)));
        line.append(",\"fields\":{").append(members, 1, members.length()).append('}');
    }

    private void member(StringBuilder line, String name, String value) {
        line.append(",\"");
        json.quoteAsString(name, line);
        line.append("\":\"");
        json.quoteAsString(value, line);
        line.append('"');
    }
}
