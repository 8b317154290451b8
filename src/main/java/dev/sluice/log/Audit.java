package dev.sluice.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log, logger {@value #LOGGER}: who did what to which target and how it ended, a line each, whatever {@code
 * log.level} says. Any thread.
 */
public final class Audit {

    /** The name of the logger. */
    public static final String LOGGER = "dev.sluice.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private Audit() {}

    /**
     * Writes one line. What clients can choose in it is escaped.
     *
     * @param who without a secret
     * @param what was asked for
     * @param target what it was to change
     * @param end how it ended
     */
    public static void did(String who, String what, String target, String end) {
        LOG.info("who=\"{}\" what=\"{}\" target=\"{}\" end=\"{}\"", text(who), text(what), text(target), text(end));
    }

    /** Quotes would end the field. */
    private static String text(String text) {
        return Escape.line(text.replace('"', '\''));
    }
}
