package dev.sluice.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/** A stack trace over several lines; the messages in it are escaped, the frames are ours. */
final class Trace {

    private Trace() {}

    static void append(StringBuilder text, IThrowableProxy thrown) {
        append(text, thrown, "", "");
    }

    private static void append(StringBuilder text, IThrowableProxy thrown, String indent, String label) {
        text.append(indent).append(label).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            text.append(": ").append(Escape.line(thrown.getMessage()));
        }
        text.append('\n');
        if (thrown.isCyclic()) {
            return;
        }
        frames(text, thrown, indent);
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            append(text, suppressed, indent + "\t", "Suppressed: ");
        }
        if (thrown.getCause() != null) {
            append(text, thrown.getCause(), indent, "Caused by: ");
        }
    }

    private static void frames(StringBuilder text, IThrowableProxy thrown, String indent) {
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int own = frames.length - thrown.getCommonFrames();
        for (int i = 0; i < own; i++) {
            text.append(indent).append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
        if (own < frames.length) {
            text.append(indent).append("\t... ").append(frames.length - own).append(" more\n");
        }
    }
}
