package dev.sluice.tune;

import dev.sluice.tune.search.Candidate;
import dev.sluice.tune.search.CoordinateSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The nodes that run: one for each of the last settings that a running node cannot be changed to. So two settings are
 * measured in turn without a start for each. Only one of them is under load at a time. One thread.
 */
final class Nodes implements AutoCloseable {

    private final List<String> command;
    private final Path folder;
    private final ChildConfig config;
    private final BooleanSupplier isOver;
    private final Map<String, ChildNode> running = new LinkedHashMap<>(4, 0.75f, true);

    /**
     * None runs yet.
     *
     * @param isOver whether to give up a start
     */
    Nodes(List<String> command, Path folder, ChildConfig config, BooleanSupplier isOver) {
        this.command = command;
        this.folder = folder;
        this.config = config;
        this.isOver = isOver;
    }

    /** What happened to a node to have it at a setting. */
    enum Readied {
        AS_IT_WAS,
        CHANGED,
        STARTED
    }

    /** A node and what was done to it. */
    record Ready(ChildNode node, Readied how) {}

    /** A node with that setting. */
    Ready at(Candidate candidate) throws IOException, InterruptedException, ChildNode.Failed {
        running.values().removeIf(node -> !node.isAlive());
        ChildNode node = running.get(candidate.body());
        if (node == null) {
            return new Ready(start(candidate), Readied.STARTED);
        }
        if (node.candidate().equals(candidate)) {
            return new Ready(node, Readied.AS_IT_WAS);
        }
        node.change(candidate);
        return new Ready(node, Readied.CHANGED);
    }

    private ChildNode start(Candidate candidate) throws IOException, InterruptedException, ChildNode.Failed {
        Iterator<ChildNode> leastUsed = running.values().iterator();
        while (running.size() >= CoordinateSearch.NODES_KEPT) {
            leastUsed.next().close();
            leastUsed.remove();
        }
        ChildNode node = ChildNode.start(command, folder, candidate, config.text(candidate), isOver);
        running.put(candidate.body(), node);
        return node;
    }

    @Override
    public void close() {
        running.values().forEach(ChildNode::close);
        running.clear();
    }
}
