package dev.sluice.rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Places for the nodes of one cluster on this machine: one PostgreSQL, one Redis, ports that are free, and each node's
 * settings. Closing it stops Redis; nodes are the test's own.
 */
public final class ClusterRig implements AutoCloseable {

    /** What a node does. */
    public enum Role {
        HTTP_ONLY(1, 0),
        WRITER_ONLY(0, 1),
        BOTH(1, 1);

        private final int intakes;
        private final int writers;

        Role(int intakes, int writers) {
            this.intakes = intakes;
            this.writers = writers;
        }

        /** As {@code key=value}. */
        List<String> settings() {
            return List.of("http.instances=" + intakes, "writer.instances=" + writers);
        }
    }

    private final TestRedis redis = TestRedis.start();
    private final String database = TestPostgres.freshDatabase();
    private final ClusterPlaces places;

    /** Room for so many nodes, numbered from 0. */
    public ClusterRig(int nodes) {
        places = ClusterPlaces.here(nodes);
    }

    /** What makes a node the one of that number; more keys as {@code key=value}, of which the last one wins. */
    public String[] settings(int node, Role role, String... more) {
        List<String> own = new ArrayList<>(places.settings(node, role));
        own.addAll(List.of("postgres.uri=" + database, "redis.uri=" + redis.uri()));
        own.addAll(List.of(more));
        return own.toArray(String[]::new);
    }

    /** A process; it may not be ready yet. */
    public NodeProcess process(Path folder, int node, Role role, String... more) throws IOException {
        return NodeProcess.serve(folder, NodeProcess.Manner.USUAL, settings(node, role, more));
    }

    public TestRedis redis() {
        return redis;
    }

    /** URI of the database. */
    public String database() {
        return database;
    }

    /** Rows whose client order id is like that. */
    public String rows(String keyLike) {
        return TestPostgres.queryText(
                database, "select count(*)::text from orders where client_order_id like '" + keyLike + "'");
    }

    @Override
    public void close() {
        redis.close();
    }
}
