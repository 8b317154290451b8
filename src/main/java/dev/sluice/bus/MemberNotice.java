package dev.sluice.bus;

import java.util.List;

/**
 * What a node announces of itself to all others, again and again. Every release reads it: fields are only ever added at
 * its end, and a reader skips what it does not know.
 *
 * @param node its id for this run
 * @param name where its operators find it
 * @param release of Sluice
 * @param wireVersion the newest form of messages that it reads
 * @param leaving whether it takes no more orders
 * @param intakes instances of the order API
 * @param writers those that take orders
 */
public record MemberNotice(
        String node,
        String name,
        String release,
        int wireVersion,
        boolean leaving,
        int intakes,
        List<WriterNotice> writers) {}
