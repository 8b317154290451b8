package dev.sluice.admin;

import dev.sluice.config.Setting;
import dev.sluice.store.OverflowOperations;
import java.util.List;

/**
 * What the admin listener shows of its node.
 *
 * @param version Sluice's own
 * @param settings what the node runs with; shown masked
 * @param instances what it consists of, and may be changed to
 * @param overflow its overflow, or {@link OverflowOperations#OFF}
 * @param cluster what it hears of others, or {@link ClusterMembers#OFF}
 */
public record NodeView(
        String version,
        List<Setting> settings,
        LiveInstances instances,
        OverflowOperations overflow,
        ClusterMembers cluster) {

    public NodeView {
        settings = List.copyOf(settings);
    }

    /** A node that is no member of a cluster. */
    public NodeView(String version, List<Setting> settings, LiveInstances instances, OverflowOperations overflow) {
        this(version, settings, instances, overflow, ClusterMembers.OFF);
    }

    /** A node without an overflow. */
    public NodeView(String version, List<Setting> settings, LiveInstances instances) {
        this(version, settings, instances, OverflowOperations.OFF);
    }
}
