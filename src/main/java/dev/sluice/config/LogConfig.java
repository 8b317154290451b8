package dev.sluice.config;

/** What is logged, and how a line looks. Logs go to stderr. */
public record LogConfig(
        @Key(def = "info", why = "least severe level that is logged; floods of a known outage are at debug")
        Level level,

        @Key(def = "auto", why = "auto is text on a terminal and JSON, one object a line, elsewhere")
        Format format) {

    /** Severity, most severe first. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** Form of a line. */
    public enum Format {
        AUTO,
        TEXT,
        JSON
    }
}
