package dev.sluice.load.run;

import java.util.SplittableRandom;

/**
 * Decides what is sent next: a new order, an earlier one again, or one that is none. Replays are taken from the last
 * {@value #REMEMBERED} orders whose answer came or was given up. One thread.
 */
final class OrderFeed {

    private static final int REMEMBERED = 1 << 12;

    private final double replayShare;
    private final double invalidShare;
    private final SplittableRandom random;
    private final long[] earlier = new long[REMEMBERED];
    private long remembered;
    private long lastSeq;

    /** @param random decides on shares and on which order comes again */
    OrderFeed(double replayShare, double invalidShare, SplittableRandom random) {
        this.replayShare = replayShare;
        this.invalidShare = invalidShare;
        this.random = random;
    }

    /** Fills a shipment with so many orders. */
    void fill(Shipment shipment, int orders) {
        shipment.clear();
        for (int i = 0; i < orders; i++) {
            next(shipment);
        }
    }

    private void next(Shipment shipment) {
        long seq = ++lastSeq;
        Shipment.Kind kind = kind();
        long number = kind == Shipment.Kind.REPLAY ? earlier[random.nextInt(memory())] : seq;
        shipment.add(seq, number, kind);
    }

    private Shipment.Kind kind() {
        if (replayShare + invalidShare == 0) {
            return Shipment.Kind.FRESH;
        }
        double drawn = random.nextDouble();
        if (drawn < invalidShare) {
            return Shipment.Kind.INVALID;
        }
        return drawn < invalidShare + replayShare && remembered > 0 ? Shipment.Kind.REPLAY : Shipment.Kind.FRESH;
    }

    private int memory() {
        return (int) Math.min(remembered, REMEMBERED);
    }

    /** The orders are no longer on their way: the new ones among them may come again. */
    void settled(Shipment shipment) {
        for (int i = 0; i < shipment.size(); i++) {
            settled(shipment.kind(i), shipment.number(i));
        }
    }

    private void settled(Shipment.Kind kind, long number) {
        if (kind == Shipment.Kind.FRESH && replayShare > 0) {
            earlier[(int) (remembered++ % REMEMBERED)] = number;
        }
    }
}
