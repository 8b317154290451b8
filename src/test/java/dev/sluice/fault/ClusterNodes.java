package dev.sluice.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fault.NodeRig.Place;
import dev.sluice.rig.ClusterPlaces;
import dev.sluice.rig.ClusterRig.Role;
import dev.sluice.rig.NodeProcess;
import dev.sluice.rig.NodeProcess.Manner;
import dev.sluice.rig.OrderClient;
import dev.sluice.rig.Reply;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one cluster on the stores of a rig, numbered from 0, each a process at a place that outlives it; the
 * first one has the rig's own place. Closing it ends them, as closing the rig does. Every method blocks; one thread.
 */
final class ClusterNodes implements AutoCloseable {

    private static final String LEASE = "sluice:{0}:lease";
    private static final int EXIT_LIMIT_SECONDS = 40;

    private final NodeRig rig;
    private final ClusterPlaces seats;
    private final List<Place> places = new ArrayList<>();
    private final Map<Integer, NodeProcess> nodes = new HashMap<>();
    private final @Nullable String adminToken;

    /** Room for nodes on these hosts; they are reached at places of this machine all the same. */
    ClusterNodes(NodeRig rig, ClusterPlaces seats, @Nullable String adminToken) {
        this.rig = rig;
        this.seats = seats;
        this.adminToken = adminToken;
        places.add(rig.place);
        IntStream.range(1, seats.size()).forEach(node -> places.add(Place.free()));
    }

    /** Room for so many nodes. */
    static ClusterNodes here(NodeRig rig, int nodes) {
        return new ClusterNodes(rig, ClusterPlaces.here(nodes), null);
    }

    Place place(int node) {
        return places.get(node);
    }

    /** The ports of all, by number. */
    int[] ports() {
        return places.stream().mapToInt(Place::port).toArray();
    }

    int[] adminPorts() {
        return places.stream().mapToInt(Place::adminPort).toArray();
    }

    /** The process that runs there now, or ran there last. */
    NodeProcess node(int node) {
        return nodes.get(node);
    }

    /** Starts a node, one after the other; with more keys as {@code key=value}. */
    void serve(int node, Role role, String... sets) throws Exception {
        serve(node, role, Manner.USUAL, sets);
    }

    void serve(int node, Role role, Manner manner, String... sets) throws Exception {
        List<String> all = new ArrayList<>(NodeRig.PATIENT_OVERFLOW);
        all.addAll(seats.settings(node, role));
        all.addAll(List.of(sets));
        nodes.put(node, rig.serve(place(node), manner, all.toArray(String[]::new)));
    }

    /** Waits until these have both stores, and each of them hears as many. */
    void awaitTogether(int... together) {
        rig.await("each node to hear the others", () -> areTogether(together));
    }

    /** The same, now. */
    boolean areTogether(int... together) {
        return IntStream.of(together).allMatch(node -> isWhole(node) && heard(node) == together.length);
    }

    /** Whether every check of its readiness is good. */
    boolean isWhole(int node) {
        try {
            Reply ready = admin(node, "GET", "/readyz", "");
            return ready.status() == 200
                    && ready.json().getJsonArray("checks").stream()
                            .map(JsonObject.class::cast)
                            .allMatch(check -> check.getBoolean("ok"));
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** The members that a node lists, itself included. */
    List<JsonObject> members(int node) {
        return admin(node, "GET", "/admin/cluster", "").json().getJsonArray("members").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** How many nodes a node hears, itself included; 0 where it does not answer. */
    long heard(int node) {
        try {
            return members(node).stream()
                    .filter(member -> member.getString("state").equals("ok"))
                    .count();
        } catch (UncheckedIOException gone) {
            return 0;
        }
    }

    /** How many of the nodes that a node hears write. */
    long writers(int node) {
        return members(node).stream()
                .filter(member -> member.getString("state").equals("ok"))
                .filter(member -> member.getJsonObject("instances").getInteger("writer") > 0)
                .count();
    }

    /** Changes how many writers a node has, while it runs. */
    void write(int node, int instances) {
        Reply changed = admin(node, "PATCH", "/admin/verticles", "{\"writer\":" + instances + "}");
        assertEquals(200, changed.status(), changed.body());
    }

    private Reply admin(int node, String method, String path, String body) {
        try (OrderClient client = new OrderClient(place(node).adminPort())) {
            String[] headers =
                    adminToken == null ? new String[0] : new String[] {"Authorization: Bearer " + adminToken};
            return client.send(method, path, null, body.getBytes(UTF_8), headers);
        }
    }

    /** Its id for this run. */
    String id(int node) {
        return members(node).stream()
                .filter(member -> member.getBoolean("self"))
                .map(member -> member.getString("node"))
                .findFirst()
                .orElseThrow();
    }

    /** Whether that node drains; not while it does not know itself yet. */
    boolean drains(int node) {
        String drainer = drainer();
        return members(node).stream()
                .anyMatch(member ->
                        member.getBoolean("self") && member.getString("node").equals(drainer));
    }

    /** The id of the node that drains. */
    String drainer() {
        return rig.redis.ask("GET", LEASE);
    }

    /** SIGTERM; it leaves within its deadline, with what it has stored. */
    void stop(int node) throws Exception {
        node(node).signal("TERM");
        assertEquals(0, node(node).awaitExit(EXIT_LIMIT_SECONDS), node(node).errors());
    }

    /** SIGCONT; then it is one of so many again, or leaves with exit code 1 and says why. */
    void thaw(int node, int members) throws Exception {
        NodeProcess thawed = node(node);
        thawed.signal("CONT");
        rig.await(
                "node " + node + " to be back, or to leave",
                () -> !thawed.isAlive() || (isWhole(node) && heard(node) == members && heard(0) == members));
        if (!thawed.isAlive()) {
            assertEquals(1, thawed.awaitExit(1), thawed.errors());
            assertTrue(thawed.errors().contains("start it again"), thawed.errors());
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(NodeProcess::close);
    }
}
