package dev.sluice.node;

import dev.sluice.admin.Readiness;
import dev.sluice.bus.WriterDirectory;

/** Whether a member of a cluster has a writer for its orders, its own or another node's; for its readiness. */
record WritersInReach(WriterDirectory writers, Stores stores, Readiness.Condition condition) {

    static final long LOOK_MS = 250;

    void look() {
        if (!writers.isEmpty()) {
            condition.holds();
        } else if (stores.overflowStands()) {
            condition.holdsDespite("no writer is in reach; orders are queued");
        } else {
            condition.fails("no writer is in reach, and the overflow takes none");
        }
    }
}
