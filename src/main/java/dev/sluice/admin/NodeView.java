package dev.sluice.admin;

import dev.sluice.config.Setting;
import java.util.List;

/**
 * What the admin listener shows of its node.
 *
 * @param version Sluice's own
 * @param settings what the node runs with; shown masked
 * @param instances what it consists of, and may be changed to
 */
public record NodeView(String version, List<Setting> settings, LiveInstances instances) {

    public NodeView {
        settings = List.copyOf(settings);
    }
}
