package dev.sluice.tune.search;

/** What is tuned: one key of the configuration each. */
public enum Knob {
    HTTP_INSTANCES("http.instances", "HTTP instances", true),
    WRITER_INSTANCES("writer.instances", "writer instances", true),
    CONNECTIONS("postgres.poolSize", "connections per writer", false),
    IN_FLIGHT("writer.inFlightMax", "batches in flight per writer", false),
    BATCH("writer.batchMax", "orders in a batch", false),
    EVENT_LOOPS("node.eventLoops", "event loops", false);

    private final String key;
    private final String label;
    private final boolean live;

    Knob(String key, String label, boolean live) {
        this.key = key;
        this.label = label;
        this.live = live;
    }

    /** Its key in the configuration. */
    public String key() {
        return key;
    }

    /** For people. */
    public String label() {
        return label;
    }

    /** Whether a running node can change it; else a node is started for it. */
    public boolean isLive() {
        return live;
    }
}
