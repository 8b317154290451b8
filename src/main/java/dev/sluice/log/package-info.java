/**
 * How Sluice logs: everything to stderr, text on a terminal and JSON elsewhere, one event a line whatever a client
 * sends. Callers use slf4j and, for outages, {@link dev.sluice.log.Incident}.
 */
@NullMarked
package dev.sluice.log;

import org.jspecify.annotations.NullMarked;
