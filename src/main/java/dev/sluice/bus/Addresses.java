package dev.sluice.bus;

/** Addresses on the event bus. Each writer has its own: a clustered send knows no local preference. */
public final class Addresses {

    private Addresses() {}

    /** The address of one writer instance; the node makes it unique in a cluster. */
    public static String writer(String node, int instance) {
        return "sluice.writer." + node + "." + instance;
    }

    /** The address of the look-ups of one node that reaches PostgreSQL. */
    public static String lookup(String node) {
        return "sluice.lookup." + node;
    }
}
